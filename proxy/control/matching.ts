import { Refusal } from './refusal.ts'

/**
 * Whoever names the state that he has seen changes no other (RFC 9110, section 13.1.1, compared strongly). Who names none changes what
 * there is: a PATCH says all that it changes and nothing else, so nothing of another's is overwritten unseen.
 */
export function matching(ifMatch: string | undefined, tag: string): void {
  if (ifMatch === undefined) return
  const tags = ifMatch.split(',').map((each) => each.trim())
  if (tags.includes('*') || tags.includes(tag)) return
  throw new Refusal(412, 'changed_meanwhile', ['If-Match is not the present ETag'], { ETag: tag })
}
