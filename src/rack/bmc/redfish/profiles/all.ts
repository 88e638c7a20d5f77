import type { RedfishProfile } from '../profile.ts';
import { megarac } from './ami.ts';
import { blades } from './blades.ts';
import { idrac8, idrac9, idrac10 } from './dell.ts';
import { generic } from './generic.ts';
import { ilo4, ilo5 } from './hpe.ts';
import { xcc } from './lenovo.ts';
import { supermicroX11, supermicroX12 } from './supermicro.ts';

export const profiles: readonly RedfishProfile[] = [
  generic,
  idrac8,
  idrac9,
  idrac10,
  ilo4,
  ilo5,
  supermicroX11,
  supermicroX12,
  xcc,
  megarac,
  blades,
];
