package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;

/** A request whose body ends with {@code BODY_TOO_LARGE} when it goes on beyond a bound, whatever its length said. */
final class BoundedBody extends HttpServletRequestWrapper {
    private final int maxBytes;

    BoundedBody(HttpServletRequest request, int maxBytes) {
        super(request);
        this.maxBytes = maxBytes;
    }

    static NaruException tooLarge(int maxBytes) {
        return new NaruException(
                ErrorCode.BODY_TOO_LARGE,
                "The body is larger than " + maxBytes + " bytes (coordinator.limits.body-bytes).");
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Counted(super.getInputStream(), maxBytes);
    }

    private static final class Counted extends ServletInputStream {
        private final ServletInputStream in;
        private final int maxBytes;
        private long read;

        Counted(ServletInputStream in, int maxBytes) {
            this.in = in;
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int more) {
            read += more;
            if (read > maxBytes) {
                throw tooLarge(maxBytes);
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
