import '../shell/base.css'
import { render } from 'preact'
import { Header } from '../shell/header.tsx'

function Lab() {
  return (
    <div class="page">
      <Header page="lab" tilt={{ tilt: 0, words: 'Nothing runs yet.' }} />
      <main />
    </div>
  )
}

render(<Lab />, document.getElementById('page')!)
