/** Gives a file to whoever uses the page. */
export function save(content: BlobPart, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Not before it has been taken.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
