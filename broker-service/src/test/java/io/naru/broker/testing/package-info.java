/** A broker without a network behind it: real partitions on a disk in memory, and a coordinator that tests can silence. */
package io.naru.broker.testing;
