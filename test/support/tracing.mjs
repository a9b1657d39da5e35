import { propagation, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BatchSpanProcessor, ConsoleSpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'

const exporter = new ConsoleSpanExporter() // or one that sends them to your collector
const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] })
trace.setGlobalTracerProvider(provider)
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
