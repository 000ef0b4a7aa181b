/**
 * How RGB bytes (0-255) become the network's input.
 * `imagenet` is x/255 minus mean (0.485, 0.456, 0.406) over deviation (0.229, 0.224, 0.225);
 * `caffe` is BGR minus (103.939, 116.779, 123.68); `teachable-machine` is x/127 - 1, so that white is a little above 1.
 */
export type PixelScaling = '[-1,1]' | '[0,1]' | '0-255' | 'imagenet' | 'caffe' | 'teachable-machine';

/** Facts about one pretrained network; the same for bundled, self-hosted and downloaded ones. */
export interface BackboneManifest {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** Side of the square input, px. */
  readonly inputSide: number;
  readonly pixels: PixelScaling;
  /** Layer or node whose output is the feature; null means the model's output. A 4-D output is averaged over space. */
  readonly featureLayer: string | null;
  readonly licence: string;
  /** Where the weights come from, as a person would cite it. */
  readonly source: string;
  /** SHA-256 over model.json and the binaries in manifest order, when known beforehand. */
  readonly sha256?: string;
  /** Download size, bytes; 0 when unknown before the download. */
  readonly sizeBytes: number;
  /** Name of the file in its folder, for a self-hosted network; `model.json` where absent. */
  readonly file?: string;
}

/** What the catalogue knows of a network beyond what is needed to run it. */
export interface BackboneFacts {
  /** When its design was published. */
  readonly year: number;
  /** Of the published network without its classifier. */
  readonly parameterCount: number;
  readonly featureLength: number;
  /** One sentence. */
  readonly whenToUse: string;
  /** False where `sizeBytes` of the manifest is an estimate. */
  readonly isSizeExact: boolean;
  /** The file the user has to choose, for a network without a download. */
  readonly chosenFile?: string;
}

/** Where a backbone's files are: beside the page, at their maker's, or brought by the user and kept in this browser. */
export type BackboneOrigin = 'bundled' | 'self-hosted' | 'official' | 'own';

/** One line of the picker. `urls` are tried in order. */
export interface BackboneEntry {
  readonly manifest: BackboneManifest;
  readonly origin: BackboneOrigin;
  /** Absolute addresses of a model.json, a .safetensors or an .h5 file; none for a network the user brought. */
  readonly urls: readonly string[];
  /** Absent for a network the catalogue does not list. */
  readonly facts?: BackboneFacts;
}

/** A part of a network that can be trained further. */
export interface BackboneStage {
  /** After the block it ends in ("block_16", "layer4"), or "stage 3", counted from the input. */
  readonly name: string;
  /** [height, width, channels] of what it gives. */
  readonly shape: readonly [number, number, number];
  /** Weights that training changes in it; of the last one also those after it, as far as the feature. */
  readonly parameterCount: number;
}

/** Names one backbone: two with the same id may have other contents. */
export interface BackboneRef {
  readonly id: string;
  /** Over model.json and the binaries, as in the report. */
  readonly sha256: string;
}

export function backboneRef({ id, sha256 }: BackboneReport): BackboneRef {
  return { id, sha256 };
}

export function isSameBackbone(one: BackboneRef, other: BackboneRef): boolean {
  return one.id === other.id && one.sha256 === other.sha256;
}

/** The backbone that a run or a project was stored with. */
export interface StoredBackbone {
  readonly id: string;
  /** Null where it was stored before this was kept: then the id alone decides. */
  readonly sha256: string | null;
}

/** Whether a backbone is the one that something was stored with. */
export function isStoredBackbone(stored: StoredBackbone, backbone: BackboneRef): boolean {
  return stored.id === backbone.id && (stored.sha256 === null || stored.sha256 === backbone.sha256);
}

/** What a loaded backbone turned out to be. */
export interface BackboneReport {
  readonly id: string;
  readonly name: string;
  readonly inputSide: number;
  readonly featureLength: number;
  readonly parameterCount: number;
  /** What can be trained further, the one nearest the output first; what lies before the last of them always stays as it is. */
  readonly stages: readonly BackboneStage[];
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly licence: string;
  readonly source: string;
  /** Largest difference of the folded features from the original's, relative to the largest feature; null when proved at set-up. */
  readonly foldingErrorRatio: number | null;
  /** What they were compared with: the original as tfjs runs it, or the same network unfolded; absent when proved at set-up. */
  readonly provedAgainst?: 'original' | 'unfolded';
  /** Median time of one image in a warm batch, ms. */
  readonly millisecondsPerImage: number;
  /** How that was measured; absent where nothing was timed. */
  readonly speedMeasured?: {
    readonly batchSize: number;
    /** True when it is what an earlier load on this device measured. */
    readonly isFromEarlier: boolean;
  };
}
