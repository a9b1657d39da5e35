import { STYLE } from './palette.ts'

type Attributes = Readonly<Record<string, string | number | undefined>>

/** `<name a="1">inside</name>`; attributes that are undefined are left out, numbers have one decimal. */
export function element(name: string, attributes: Attributes, inside?: string): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [` ${key}="${typeof value === 'number' ? pixels(value) : escape(value)}"`],
  )
  const open = `<${name}${written.join('')}`
  return inside === undefined ? `${open}/>` : `${open}>${inside}</${name}>`
}

export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escape(words))
}

/** About as wide as the words come out in twelve pixels, whatever the font. */
export function widthOf(words: string): number {
  return words.length * 6.6
}

/** A tenth of a pixel is as fine as anybody sees. */
export function pixels(value: number): string {
  const rounded = Math.round(value * 10) / 10
  return String(rounded === 0 ? 0 : rounded)
}

/** A whole picture. One line an element, so that a change of a few of them is a change of a few lines. */
export function picture(
  title: string,
  width: number,
  height: number,
  styled: boolean,
  elements: readonly string[],
): string {
  const head = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${pixels(width)} ${pixels(height)}`,
    width,
    height,
    role: 'img',
    class: 'chart',
  }
  const inside = [
    element('title', {}, escape(title)),
    ...(styled ? [element('style', {}, `\n${STYLE}\n`)] : []),
    element('rect', { class: 'surface', width, height }),
    ...elements,
  ]
  return `${element('svg', head, `\n${inside.join('\n')}\n`)}\n`
}

function escape(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
