/**
 * Splits `a,b{x: 1, y: 2},c` at the commas outside of braces. Cheap to import: the command line needs it before anything runs.
 */
export function splitList(text: string): string[] {
  const items: string[] = []
  let depth = 0
  let item = ''
  for (const character of text) {
    if ('{['.includes(character)) depth++
    if ('}]'.includes(character)) depth--
    if (character === ',' && depth === 0) {
      items.push(item)
      item = ''
    } else {
      item += character
    }
  }
  return [...items, item].map((each) => each.trim()).filter((each) => each !== '')
}
