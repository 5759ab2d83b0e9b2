package io.naru.commitlog.disk;

/**
 * Room on a disk, in bytes.
 *
 * @param totalBytes of the whole file system
 * @param usableBytes that this process may still write
 */
public record Space(long totalBytes, long usableBytes) {}
