/** What a piece of text means: how something that is told should strike whoever reads it; terminals and pages each have their colours for it. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'warn'
