/**
 * The value with as many digits as `example` has: `5.26316`, `.85263`, `4.84e8`. So a test compares with a table to the digits that
 * the table has, no more and no less.
 */
export function like(example: string, value: number): string {
  const [mantissa, exponent] = example.split('e')
  const decimals = mantissa.split('.')[1]?.length ?? 0
  if (exponent !== undefined) return value.toExponential(decimals).replace('e+', 'e')
  const text = value.toFixed(decimals)
  return example.startsWith('.') ? text.replace(/^0\./, '.') : text
}

/** Rows of a table as text: the first cell is the row's name. */
export function rows(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/[\s|()]+/)
        .filter((cell) => cell !== ''),
    )
}
