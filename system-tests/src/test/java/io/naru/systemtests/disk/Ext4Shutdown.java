package io.naru.systemtests.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * {@code EXT4_IOC_SHUTDOWN} of Linux (fs/ext4/ext4.h): stops a mounted ext4 file system as if its disk had lost power.
 */
@SuppressWarnings("restricted") // The JDK has no ioctl of its own.
final class Ext4Shutdown {
    /** {@code _IOR('X', 125, __u32)}. */
    private static final long EXT4_IOC_SHUTDOWN = 0x8004587DL;

    /** Not even the journal is written out. */
    private static final int NO_LOG_FLUSH = 2;

    private static final int O_RDONLY = 0;

    private Ext4Shutdown() {}

    /** Stops the file system of this directory. */
    static void withoutFlush(Path directory) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle open = handle(linker, "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
        MethodHandle ioctl = handle(linker, "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
        MethodHandle close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocateFrom(JAVA_INT, NO_LOG_FLUSH);
            int descriptor = (int) open.invokeExact(arena.allocateFrom(directory.toString()), O_RDONLY);
            if (descriptor < 0) {
                throw new IOException("cannot open " + directory);
            }
            int failed = (int) ioctl.invokeExact(descriptor, EXT4_IOC_SHUTDOWN, how);
            int unclosed = (int) close.invokeExact(descriptor);
            if (failed != 0 || unclosed != 0) {
                throw new IOException("the kernel does not shut down the file system at " + directory);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the C library failed", e);
        }
    }

    private static MethodHandle handle(Linker linker, String function, FunctionDescriptor as, int fixedArguments) {
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), as, Linker.Option.firstVariadicArg(fixedArguments));
    }
}
