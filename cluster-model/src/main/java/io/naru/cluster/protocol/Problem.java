package io.naru.cluster.protocol;

/**
 * The part of an RFC 9457 problem that one service reads from another's answer.
 *
 * @param errorCode see {@link io.naru.cluster.ErrorCode#code}
 */
public record Problem(int status, String title, String detail, int errorCode) {}
