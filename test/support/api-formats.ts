/** Texts and whether the API server takes them for `format: date-time`; the integration test asks it again. */
export const times: readonly [string, boolean][] = [
  ['2026-01-31T12:00:00Z', true],
  ['2026-01-31T12:00:00.123456789Z', true],
  ['2026-01-31t12:00:00z', true],
  ['2026-01-31T12:00:00+02:00', true],
  ['2026-01-31', false],
  ['2026-01-31 12:00:00Z', false],
  ['2026-13-31T12:00:00Z', false],
  ['2026-01-31T24:00:00Z', false],
  ['2026-01-31T12:00:00', false],
  ['yesterday', false],
  ['', false],
];

/** Texts and whether the API server takes them for `format: uri`; the integration test asks it again. */
export const uris: readonly [string, boolean][] = [
  ['http://192.0.2.1/a.iso', true],
  ['https://user:pass@host.example:8443/a?b=c', true],
  ['http://[2001:db8::1]:80/', true],
  ['/a/b', true],
  ['mailto:a@example.org', true],
  ['http://host/with space', true],
  ['ftp://h', true],
  ['', false],
  ['a.iso', false],
  ['192.0.2.1/a.iso', false],
  ['http://ho st/', false],
  ['http://h/%zz', false],
  ['http://h:port/', false],
  ['http://h\n/', false],
];
