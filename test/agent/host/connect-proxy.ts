import http from 'node:http';
import net, { type AddressInfo } from 'node:net';

/** The proxies that the conformance suite asks for, on loopback. */
export async function startConnectProxies() {
  let letThrough = 0;
  const [open, refusing] = await Promise.all([
    startProxy(client => {
      letThrough++;
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      return true;
    }),
    startProxy(client => {
      const realm = 'Proxy-Authenticate: Basic realm="contoso"';
      client.end(`HTTP/1.1 407 Refused\r\n${realm}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return false;
    }),
  ]);
  return {
    open: open.address,
    refusing: refusing.address,
    away: 'localhost:1',
    letThrough: () => letThrough,
    close: () => [open, refusing].forEach(one => one.close()),
  };
}

/** A proxy for CONNECT alone. `answer` tells the client; true lets it through. */
export async function startProxy(answer: (client: net.Socket) => boolean) {
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket) => {
    sockets.add(socket.on('error', () => undefined).once('close', () => sockets.delete(socket)));
    return socket;
  };
  const proxy = http.createServer((_, response) => void response.writeHead(400).end());
  proxy.on('connection', keep).on('connect', ({ url = '' }, client: net.Socket) => {
    const { hostname, port } = new URL(`http://${url}`);
    const server = keep(net.connect(Number(port), hostname));
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
    server.once('connect', () => {
      if (answer(client)) server.pipe(client).pipe(server);
      else server.destroy();
    });
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  return {
    // WinHTTP of Wine 8 leaves CONNECT out where proxy and server have one name.
    address: `localhost:${(proxy.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
