// The official device client as a process of its own: does what one line of its input says after the other, and tells as JSON lines what it saw.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import common from 'azure-iot-common'
import device from 'azure-iot-device'
import transport from 'azure-iot-device-mqtt'

const [connectionString, caFile, certFile, keyFile] = process.argv.slice(2)
const tell = (what, value) => process.stdout.write(JSON.stringify({ what, value: value ?? null }) + '\n')
const read = (file) => readFileSync(file, 'utf8')

const client = device.Client.fromConnectionString(connectionString, transport.Mqtt)
await client.setOptions({ ca: read(caFile), ...(certFile ? { cert: read(certFile), key: read(keyFile) } : {}) })
client.setRetryPolicy(new common.NoRetry())
client.on('disconnect', () => tell('disconnected'))
let twin

const deeds = {
  open: () => client.open(),
  async send(text) {
    const message = new device.Message(text)
    message.contentType = 'application/json'
    message.contentEncoding = 'utf-8'
    message.properties.add('kind', 'a b&c=d/ü')
    await client.sendEvent(message)
  },
  async twin() {
    twin = await client.getTwin()
    return { desired: twin.properties.desired, reported: twin.properties.reported }
  },
  watch() {
    twin.on('properties.desired', (delta) => tell('desired', delta))
  },
  report: (text) => new Promise((done, fail) => twin.properties.reported.update(JSON.parse(text), (error) => (error ? fail(error) : done()))),
  listen() {
    client.onDeviceMethod('echo', (request, response) => response.send(207, { got: request.payload }, (error) => error && tell('failed', error.message)))
  },
  // What the client itself never does.
  qos2: (deviceId) => void client._transport._mqtt.publish(`devices/${deviceId}/messages/events/`, 'x', { qos: 2 }, () => {}),
  close: () => client.close(),
}

for await (const line of createInterface({ input: process.stdin })) {
  const [deed, ...rest] = line.split(' ')
  try {
    tell(deed, await deeds[deed](rest.join(' ')))
  } catch (error) {
    tell('failed', `${error.name}: ${error.message}`)
  }
}
process.exit(0)
