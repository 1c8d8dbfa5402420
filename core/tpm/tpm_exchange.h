#pragma once

#include "core/attestation/device_tpm.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/tpm/response_frame.h"
#include "core/tpm/stop_signal.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <optional>

namespace enroll::tpm {

/// Sends one command at a time to an untrusted TPM and returns its checked response. One thread. Without tpm2-tss.
///
/// Every response passes checkResponseFrame(). A "not now" (asksForRetry()) never reaches the caller: the command is
/// sent again after a pause (RetryPauses), because ESYS gives up after five tries.
///
/// After a stop request the response under way is awaited for half a second more: it may carry the handle of a new
/// object, which can then be flushed. From then on only TPM2_FlushContext and TPM2_Shutdown are sent; any other command is D-141.
class TpmExchange {
public:
    /// \p end, if given, also ends every wait, however much of a command's own deadline is left. A command of the class
    /// CreateKey moves it away by its own deadline, once, however often it is sent again: how many keys a device lacks is
    /// seen only when they are missing.
    TpmExchange(std::unique_ptr<transport::TpmChannel> channel, const CommandDeadlines& deadlines, std::stop_token stop,
                std::optional<Deadline> end = {});

    /// Sends \p command, one whole command, and returns the whole response frame; its response code may be a failure.
    ///
    /// \par Errors   D-101 (peer gone), D-102 (no response in time), D-103 (the response breaks a rule), D-105 (closed
    ///               in the middle), D-106 (too long), D-108 (busy for too long), D-141 (a stop was asked), S-399
    ///               (\p command is not one whole command). After D-108, after S-399, and after D-141 for a command
    ///               that the TPM had not begun, the exchange is still usable; after every other error it is broken()
    Result<Bytes> run(ByteView command);

    /// True once a response was missing or wrong. Then nothing more is sent, and run() returns that first error,
    /// because a late response would be taken for that of the next command.
    [[nodiscard]] bool broken() const noexcept { return m_brokenBy.has_value(); }
    /// Why the last run() failed; absent if it did not.
    [[nodiscard]] const std::optional<Error>& lastError() const noexcept { return m_lastError; }
    /// True if a command whose response carries a handle was ever sent: it may have loaded an object or a session.
    [[nodiscard]] bool mayHaveLoaded() const noexcept { return m_mayHaveLoaded; }
    /// True if such a command was ever refused, "not now" included: a part on the line may have written the refusal over
    /// a success, and whatever that loaded is known to nobody.
    [[nodiscard]] bool mayHideHandle() const noexcept { return m_mayHideHandle; }
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
    [[nodiscard]] Error sayingWhichEnd(Error error) const;
    [[nodiscard]] std::chrono::milliseconds withinEnd(std::chrono::milliseconds span) const noexcept;

    std::unique_ptr<transport::TpmChannel> m_channel;
    CommandDeadlines m_deadlines;
    std::optional<Deadline> m_end;
    attestation::TpmTraffic m_traffic;
    std::optional<Error> m_lastError;
    std::optional<Error> m_brokenBy;
    std::optional<Deadline> m_cleanUp; ///< set once a stop was noticed
    bool m_mayHaveLoaded = false;
    bool m_mayHideHandle = false;
    StopSignal m_stop; // last: destroyed first, so that it cannot call a channel that is gone
};

} // namespace enroll::tpm
