export { chiSquare, chiSquareLimit } from '../../laws/chi-square.ts'
