/**
 * Solves `matrix` x = `right` (the matrix square, by rows) by elimination, each time with the largest pivot of its column. Leaves both
 * as they are. Golub, Van Loan, "Matrix Computations", 4th edition, 2013, 3.4.
 */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length
  const a = matrix.slice()
  const x = right.slice()
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(a[row * n + column]) > Math.abs(a[pivot * n + column])) pivot = row
    }
    if (a[pivot * n + column] === 0) throw new RangeError('the equations have no single solution')
    if (pivot !== column) swap(a, x, pivot, column)
    for (let row = column + 1; row < n; row++) {
      const factor = a[row * n + column] / a[column * n + column]
      if (factor === 0) continue
      for (let k = column; k < n; k++) a[row * n + k] -= factor * a[column * n + k]
      x[row] -= factor * x[column]
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) x[row] -= a[row * n + k] * x[k]
    x[row] /= a[row * n + row]
  }
  return x
}

function swap(a: Float64Array, x: Float64Array, one: number, other: number): void {
  const n = x.length
  for (let k = 0; k < n; k++) {
    const held = a[one * n + k]
    a[one * n + k] = a[other * n + k]
    a[other * n + k] = held
  }
  const held = x[one]
  x[one] = x[other]
  x[other] = held
}
