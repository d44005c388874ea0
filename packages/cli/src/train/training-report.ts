import type { AgreementRecord, DepthRecord, EpochRecord, IndicatorRecord, PropagationCounts } from "@parakkt/layers";
import type { REPORT_SCHEMA_VERSION } from "../config/config-of-report.js";
import type { Provenance } from "../output/provenance.js";
import type { ModelledTraining } from "./modelled-training.js";
import type { RunReason } from "./training-run.js";
import type { TrainingSettings } from "./training-settings.js";

/** Contents of report.json of a training. */
export interface TrainingReport {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly kind: "training";
  /** With every default; `parakkt train report.json` runs it again. */
  readonly config: TrainingSettings;
  readonly reason: RunReason;
  readonly updates: number;
  readonly layers: number;
  readonly parameters: number;
  readonly epochs: readonly EpochRecord[];
  readonly depths: readonly DepthRecord[];
  /** ρ (TRN.3) */
  readonly indicator: readonly IndicatorRecord[];
  /** Cosine and error of the gradient (TRN.4). */
  readonly agreement: readonly AgreementRecord[];
  /** First and last residual of the solves of at most 500 updates, evenly spread; all are in metrics.jsonl. */
  readonly residuals: readonly SolveResiduals[];
  readonly fallbacks: number;
  /** Of this process, on its first rank. */
  readonly counts: PropagationCounts;
  readonly modelled?: ModelledTraining;
  /** Seconds; `training` over all processes of a resumed run, `cpu` of this process. */
  readonly timings: { readonly setup: number; readonly cpu: number; readonly training: number; readonly output: number; readonly total: number; readonly perUpdate: number };
  /** Bytes. */
  readonly memory: { readonly peakRss: number };
  readonly provenance: Provenance;
  /** SHA-256 of the parameters. */
  readonly digest: string;
}

export interface SolveResiduals {
  readonly update: number;
  readonly forward: readonly [number, number];
  readonly backward: readonly [number, number];
}
