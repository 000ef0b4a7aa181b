/** The first bytes of every HDF5 file that starts with one; a user block in front is not something Keras writes. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** Longest superblock that is looked at: version 1 with addresses of 8 bytes. */
const LOOKED_AT_BYTES = 52;

/** What the first bytes say of a file, so that most damaged ones are refused before the HDF5 library is loaded. */
export type Hdf5Start = 'whole' | 'cut-short' | 'not-hdf5';

/**
 * Compares the end of the file as its superblock has it with its real size. Source: HDF5 File Format Specification 3.0,
 * section II.A. What is not understood is left to the library.
 */
export function readHdf5Start(bytes: ArrayBuffer): Hdf5Start {
  const view = new DataView(bytes, 0, Math.min(LOOKED_AT_BYTES, bytes.byteLength));
  if (view.byteLength < SIGNATURE.length) return 'not-hdf5';
  if (SIGNATURE.some((byte, index) => view.getUint8(index) !== byte)) return 'not-hdf5';
  if (view.byteLength < LOOKED_AT_BYTES) return 'cut-short';
  const version = view.getUint8(8);
  const addressBytes = view.getUint8(version < 2 ? 13 : 9);
  if (version > 3 || addressBytes !== 8) return 'whole';
  // The base address, one more address, then the end of the file; versions 0 and 1 have longer counts in front.
  const baseAt = version < 2 ? (version === 0 ? 24 : 28) : 12;
  const endBytes = view.getBigUint64(baseAt + 2 * addressBytes, true);
  return endBytes > BigInt(bytes.byteLength) ? 'cut-short' : 'whole';
}
