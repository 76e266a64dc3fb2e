package io.espalier.surgery.torchscript.zip;

/**
 * One entry of a zip file, as its central directory states it.
 *
 * @param crc CRC-32 of the content, as an unsigned number
 * @param headerOffset of the local header, from the start of the file
 */
public record ZipEntry(String name, boolean deflated, long size, long compressedSize, long crc, long headerOffset) {}
