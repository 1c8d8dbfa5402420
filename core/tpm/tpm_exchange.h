#pragma once

#include "core/attestation/device_tpm.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/tpm/response_frame.h"
#include "core/tpm/stop_signal.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <optional>

namespace enroll::tpm {

/// One command, one checked response, over a channel that nobody vouches for.
///
/// Every response passes checkResponseFrame(). RETRY, YIELDED and TESTING are answered here, by sending again with
/// pauses, and never seen above. When a stop is asked, the answer of the command under way is awaited for half a second
/// more, so that what it loaded is known and can be flushed; after that only TPM2_FlushContext is sent, and nothing
/// else is sent again. Used on one thread. Knows nothing of the TPM library.
class TpmExchange {
public:
    /// \p end, if given, is the end of every wait, whatever is left of the deadline of a command.
    TpmExchange(std::unique_ptr<transport::TpmChannel> channel, const CommandDeadlines& deadlines, std::stop_token stop,
                std::optional<Deadline> end = {});

    /// Sends \p command, one whole command, and returns the whole response frame; its code may be a failure.
    /// Errors D-101 (peer gone), D-102 (silent), D-103, D-105 (closed in the middle), D-106, D-108 (busy for too long),
    /// D-141, S-399 (no whole command, not sent). After an error other than D-108, S-399 and D-141 of a command that
    /// was not begun, the exchange is broken().
    Result<Bytes> run(ByteView command);

    /// True once a response was missing or wrong: nothing more is sent, and run() returns that first error.
    [[nodiscard]] bool broken() const noexcept { return m_brokenBy.has_value(); }
    /// Why the last run() failed; absent if it did not.
    [[nodiscard]] const std::optional<Error>& lastError() const noexcept { return m_lastError; }
    /// True if a command that leaves something in the TPM was ever sent.
    [[nodiscard]] bool mayHaveLoaded() const noexcept { return m_mayHaveLoaded; }
    [[nodiscard]] const attestation::TpmTraffic& traffic() const noexcept { return m_traffic; }

private:
    Result<Bytes> runUnlessBroken(ByteView command);
    Result<Bytes> repeatWhileBusy(const CommandHeader& header, ByteView command);
    Result<void> pauseBeforeRetry(const CommandHeader& header, std::chrono::milliseconds pause);
    Result<Bytes> runOnce(const CommandHeader& header, ByteView command);
    Result<Bytes> receiveFrame(Deadline deadline);
    Result<std::size_t> receiveSome(std::span<std::byte> buffer, Deadline& deadline);
    Deadline beginCleanUp();
    [[nodiscard]] Deadline deadlineOf(const CommandHeader& header) const;
    [[nodiscard]] std::chrono::milliseconds withinEnd(std::chrono::milliseconds span) const noexcept;

    std::unique_ptr<transport::TpmChannel> m_channel;
    CommandDeadlines m_deadlines;
    std::optional<Deadline> m_end;
    attestation::TpmTraffic m_traffic;
    std::optional<Error> m_lastError;
    std::optional<Error> m_brokenBy;
    std::optional<Deadline> m_cleanUp; ///< set once a stop was noticed
    bool m_mayHaveLoaded = false;
    StopSignal m_stop; // last: destroyed first, so that it cannot call a channel that is gone
};

} // namespace enroll::tpm
