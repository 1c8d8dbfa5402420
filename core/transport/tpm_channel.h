#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"

namespace enroll::transport {

/// A byte stream to one TPM. Knows nothing of TPM commands.
///
/// send() and receive() are called on one thread; interrupt() may be called from any thread at any time. Every wait
/// ends at its deadline. After any error but D-141 the channel is of no further use.
class TpmChannel {
public:
    virtual ~TpmChannel() = default;

    /// Sends all of \p bytes. Errors D-102 (deadline), D-101 (peer gone), D-141 (interrupted).
    virtual Result<void> send(ByteView bytes, const Deadline& deadline) = 0;

    /// Receives at least one and at most `buffer.size()` bytes; 0 means the peer closed in good order.
    /// Errors as send().
    virtual Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) = 0;

    /// Makes every present and future wait of this channel end with D-141. Never blocks.
    virtual void interrupt() noexcept = 0;

    /// Takes interrupt() back, for the thread that uses the channel: the answer that was being waited for may still
    /// be received, and what the device holds be cleaned up.
    virtual void resume() noexcept = 0;

protected:
    TpmChannel() = default;
    TpmChannel(const TpmChannel&) = default;
    TpmChannel& operator=(const TpmChannel&) = default;
};

} // namespace enroll::transport
