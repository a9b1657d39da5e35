/**
 * Builds the pages into dist/dashboard, where the proxy finds them. npm runs this after an installation; one without the development
 * packages has no Vite, and is told so instead of failing.
 */
import { fileURLToPath } from 'node:url'

export async function buildDashboard(logLevel: 'warn' | 'info' = 'warn'): Promise<void> {
  const { build } = await import('vite')
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel })
}

if (import.meta.main) {
  try {
    await buildDashboard()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    console.warn(
      'The dashboard is not built: that needs the development packages (npm install --include=dev).',
    )
  }
}
