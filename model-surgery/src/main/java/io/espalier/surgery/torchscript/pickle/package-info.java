/**
 * Pickles as inert data: read from what TorchScript's serialiser writes, and written again. Knows which names a pickle may
 * hold, and nothing of tensors' memory. For the packages around it alone.
 */
package io.espalier.surgery.torchscript.pickle;
