const passed = ['PATH', 'HOME', 'LANG', 'TERM', 'TZ'];
const proxies = ['http_proxy', 'https_proxy', 'no_proxy'];

/** What programs of actions get of the agent's environment: never the credentials that may stand in it. */
export function childEnvironment(env: NodeJS.ProcessEnv, kernel: ReadonlyMap<string, string>): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  for (const name of passed) if (env[name] !== undefined) result[name] = env[name];
  for (const name of proxies) {
    const upper = name.toUpperCase();
    const value = env[name] ?? env[upper] ?? kernel.get(upper);
    if (value) Object.assign(result, { [name]: value, [upper]: value });
  }
  return result;
}
