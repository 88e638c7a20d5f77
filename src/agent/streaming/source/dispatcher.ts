import { getCACertificates } from 'node:tls';
import { Dispatcher, EnvHttpProxyAgent } from 'undici';

export interface DispatcherOptions {
  /** Do not check certificates. Default false. */
  readonly skipVerify?: boolean;
  /** Where proxies are named: HTTP_PROXY, HTTPS_PROXY, NO_PROXY in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** True when HTTP without TLS goes through a proxy, be it for some hosts only. */
export function hasHttpProxy(env: DispatcherOptions['env']): boolean {
  return (env['HTTP_PROXY'] ?? env['http_proxy'] ?? '') !== '';
}

/**
 * Connections as clients in Go make them: through the proxies of the environment, trusting what the system trusts. Certificates
 * are read when the first is asked for: that takes a tenth of a second, and most images come by plain HTTP.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new LateDispatcher(() => realDispatcher(options));
}

class LateDispatcher extends Dispatcher {
  readonly #create: () => Dispatcher;
  #real: Dispatcher | undefined;

  constructor(create: () => Dispatcher) {
    super();
    this.#create = create;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.#real ??= this.#create();
    return this.#real.dispatch(options, handler);
  }

  override async destroy(): Promise<void> {
    await this.#real?.destroy();
  }
}

function realDispatcher({ skipVerify = false, env }: DispatcherOptions): Dispatcher {
  const proxy = (name: string): string => env[name] ?? env[name.toLowerCase()] ?? '';
  const ca = [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const tls = { rejectUnauthorized: !skipVerify, ca };
  return new EnvHttpProxyAgent({
    httpProxy: proxy('HTTP_PROXY'),
    httpsProxy: proxy('HTTPS_PROXY'),
    noProxy: proxy('NO_PROXY'),
    connect: tls,
    requestTls: tls,
    // The length of an answer and its end have to belong to one connection.
    allowH2: false,
    // Stalls are watched where it is known whether the disk or the network is slow.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
