import '../shell/base.css'
import { render } from 'preact'
import { Header } from '../shell/header.tsx'

function Learn() {
  return (
    <div class="page">
      <Header page="learn" tilt={{ tilt: 0, words: 'Nothing runs yet.' }} />
      <main />
    </div>
  )
}

render(<Learn />, document.getElementById('page')!)
