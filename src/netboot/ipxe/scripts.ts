import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../kube/client/path.ts';
import { describeAmbiguity, type HardwareIndex, type HardwareLookup } from '../hardware/hardware-index.ts';
import { canonicalMac } from '../hardware/mac-address.ts';
import { type AutoScript, autoScript } from './auto-script.ts';
import type { ScriptSettings } from './script-settings.ts';
import { unknownMachineScript } from './unknown-script.ts';

export interface ScriptsOptions {
  hardware: Pick<HardwareIndex, 'byMac' | 'byIp'>;
  settings: ScriptSettings;
  /** Machines that no Hardware describes get a script as well. Default false. */
  unknownMachines?: boolean;
}

/** What a request for a script gets: an HTTP status, the script when it is 200, else why not. */
export interface ScriptAnswer {
  readonly status: 200 | 404 | 500;
  readonly text: string;
  readonly reason?: string;
}

/** Finds the script of whoever asks. */
export class Scripts {
  readonly #options: ScriptsOptions;
  readonly #unknown: ScriptAnswer;
  /** Objects of the cache are never changed, only replaced: what was rendered from one holds as long as it lives. */
  readonly #rendered = new WeakMap<Hardware, ScriptAnswer[]>();

  constructor(options: ScriptsOptions) {
    this.#options = options;
    this.#unknown = options.unknownMachines
      ? { status: 200, text: unknownMachineScript(options.settings) }
      : { status: 404, text: '', reason: 'no Hardware has this address' };
  }

  /**
   * @param path of the URL, after the prefix: `[…/<mac>/]auto.ipxe`
   * @param address of the client, which counts when the path names no machine
   */
  answer(path: string, address: string): ScriptAnswer {
    const slash = path.lastIndexOf('/');
    if (path.slice(slash + 1) !== 'auto.ipxe') return { status: 404, text: '', reason: 'there is only auto.ipxe' };
    const mac = slash < 0 ? undefined : canonicalMac(path.slice(path.lastIndexOf('/', slash - 1) + 1, slash));
    const { hardware } = this.#options;
    return this.#answerFor(mac === undefined ? hardware.byIp(address) : hardware.byMac(mac), mac ?? address);
  }

  #answerFor(lookup: HardwareLookup, address: string): ScriptAnswer {
    if (lookup.outcome === 'unknown') return this.#unknown;
    if (lookup.outcome === 'ambiguous') {
      return { status: 404, text: '', reason: describeAmbiguity(address, lookup.hardware) };
    }
    const { hardware, position } = lookup;
    const answers = this.#rendered.get(hardware) ?? [];
    const before = answers[position];
    if (before !== undefined) return before;
    const script = autoScript(hardware, lookup.interface, this.#options.settings);
    const answer = answerOf(script, keyOf(hardware.metadata));
    answers[position] = answer;
    this.#rendered.set(hardware, answers);
    return answer;
  }
}

function answerOf(script: AutoScript, name: string): ScriptAnswer {
  if (script.outcome === 'script') return { status: 200, text: script.text };
  if (script.outcome === 'not-allowed') {
    return { status: 404, text: '', reason: `Hardware ${name} may not boot over the network (netboot.allowPXE)` };
  }
  const reason = `netboot.ipxe.url of Hardware ${name} is no http or https URL`;
  return { status: 500, text: `${reason}\n`, reason };
}
