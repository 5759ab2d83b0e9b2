package io.naru.broker.api.v1.stream;

/** What a stream does when records it has not sent yet were deleted. */
enum OnGap {
    /** Tells, and goes on with the first record there is. */
    CONTINUE,
    /** Ends with a problem. */
    FAIL
}
