/** No name has a slash, or an end like a file's. */
export function isStrategyPath(text: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(text)
}
