#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"

namespace enroll::transport {

/// A byte stream to one TPM. It knows nothing of TPM commands: the caller finds the end of a response by its header.
///
/// send(), receive() and resume() are called on one thread; interrupt() may be called on any thread at any time. Every
/// wait ends at its deadline. After any error but D-141 the channel must not be used again.
class TpmChannel {
public:
    virtual ~TpmChannel() = default;

    /// Sends all of \p bytes. Errors D-102 (deadline), D-101 (peer gone), D-141 (interrupted).
    virtual Result<void> send(ByteView bytes, const Deadline& deadline) = 0;

    /// Receives at least one and at most `buffer.size()` bytes; 0 means that the peer closed the connection in good
    /// order.
    /// Errors as send().
    virtual Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) = 0;

    /// Makes every present and future wait of this channel end with D-141. Never blocks.
    virtual void interrupt() noexcept = 0;

    /// Undoes interrupt(), so that the response under way can still be received, and what it loaded be flushed.
    virtual void resume() noexcept = 0;

protected:
    TpmChannel() = default;
    TpmChannel(const TpmChannel&) = default;
    TpmChannel& operator=(const TpmChannel&) = default;
};

} // namespace enroll::transport
