/** Cases in which we differ from real Go on purpose. Every entry says why; a case that agrees may not be here. */
export const exceptions: ReadonlyMap<string, string> = new Map([
  ['{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', 'templates may be nested 500 deep, not 100000'],
  ['{{$d := dict}}{{$_ := set $d "d" $d}}{{toJson $d}}', 'Go gives an empty text for what contains itself, we say so'],
  ['{{slice .three 0 4}}', 'lists decoded from JSON have no room behind their last element that a slice could show'],
  ['{{deepCopy (semver "1.2.3")}}', 'sprig makes 0.0.0 of it, since it copies only what it can see'],
  ['{{printf "%t" (toDate "2006" "2020")}}', 'the insides of a time, which Go shows to verbs that are not for texts'],
  ['{{fromYaml "a: [1"}}', 'another YAML parser has other words for syntax errors'],
  ['{{fromYaml "!!binary x"}}', 'a tag that does not fit its value is not refused'],
  ['{{urlParse "http://[::zz]/"}}', 'what is wrong with an IPv6 address is not told'],
  ['{{buildCustomCert .fake .fake}}', 'another parser of certificates has other words for what is none'],
]);

/** Functions that we have and the original has not, or not any more. Every entry says why. */
export const supersets: ReadonlyMap<string, string> = new Map([
  ['netmaskToCIDR', 'the name that netmaskToPrefixLength had; templates of older releases still say it'],
]);
