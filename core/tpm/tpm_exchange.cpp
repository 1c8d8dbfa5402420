#include "core/tpm/tpm_exchange.h"

#include "core/base/cancellation.h"
#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_code.h"
#include "core/tpm/retry_pauses.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

using Clock = std::chrono::steady_clock;

/// The time after a stop request for the response under way and all flushes together.
///
/// If the connection breaks in it, recover() in esys_device_tpm.cpp takes 1.3 s more. The sum stays below the two
/// seconds in which the window of the application closes.
constexpr std::chrono::milliseconds kCleanUpTime{500};

/// How often a public area is asked for whose name does not fit: noise seldom comes three times in a row.
constexpr int kMostReadings = 3;

Error cancelled(const CommandHeader& header)
{
    return stopAsked(std::string{traitsOf(header.commandCode).name});
}

Error misreadArea(const CommandHeader& header)
{
    return makeError(DeviceCode::TpmResponseMalformed, "the TPM sends a public area and the name of another one",
                     std::string{traitsOf(header.commandCode).name});
}

/// The response code, behind tag and size. The frame was checked, so that it is there.
std::uint32_t responseCodeOf(ByteView checkedFrame)
{
    ByteReader reader{checkedFrame.subspan(6), DeviceCode::TpmResponseMalformed};
    return reader.u32("responseCode").value();
}

/// The connection ended: D-105 if a part of the response had come, else D-101. \p cause is the channel's error, null if
/// the peer closed in good order.
Error brokeOff(std::size_t received, const Error* cause)
{
    const bool begun = received > 0;
    auto error = makeError(begun ? DeviceCode::TpmResponseTruncated : DeviceCode::NoTpmAnswers,
                           begun ? "the connection closed after " + std::to_string(received) + " bytes of a response"
                                 : "the connection closed before a response");
    if (cause != nullptr) {
        error.what += ": " + cause->what;
        error.source = cause->source;
    }
    return error;
}

/// True for the commands that end a run: what the station loaded is flushed, and no try is held against the device.
bool cleansUp(const CommandHeader& header) noexcept
{
    return header.commandCode == command_code::kFlushContext || header.commandCode == command_code::kShutdown;
}

bool createsKey(const CommandHeader& header) noexcept
{
    return traitsOf(header.commandCode).duration == CommandClass::CreateKey;
}

bool isWhole(ByteView received, std::size_t announced) noexcept
{
    return announced != 0 && received.size() >= announced;
}

} // namespace

TpmExchange::TpmExchange(std::unique_ptr<transport::TpmChannel> channel, const CommandDeadlines& deadlines,
                         std::stop_token stop, std::optional<Deadline> end)
    : m_channel(std::move(channel)), m_deadlines(deadlines), m_end(end),
      m_stop(std::move(stop), [line = m_channel.get()] { line->interrupt(); })
{}

Result<Bytes> TpmExchange::run(ByteView command)
{
    auto response = runUnlessBroken(command);
    m_lastError = response ? std::nullopt : std::optional{response.error()};
    return response;
}

Result<Bytes> TpmExchange::runUnlessBroken(ByteView command)
{
    if (m_brokenBy) {
        return *m_brokenBy;
    }
    TRY_ASSIGN(const auto header, parseCommandHeader(command));
    if (m_stop.asked()) {
        beginCleanUp(); // the stop came between two commands: no wait has noticed it yet
    }
    if (m_cleanUp && !cleansUp(header)) {
        return cancelled(header);
    }
    if (m_end && m_end->passed() && !m_cleanUp &&
        !cleansUp(header)) { // a device that answers at once never waits for it
        return makeError(DeviceCode::TpmTimedOut, "the time for the whole test is over",
                         std::string{traitsOf(header.commandCode).name});
    }
    return repeatWhileBusy(header, command);
}

/// Sends the command until the TPM answers it with something else than "not now" (asksForRetry()), and a public area
/// with its own name. Any failure to get a checked response breaks the exchange: whether the command was executed is
/// unknown then. A wrong name does not: reading changes nothing in the TPM.
Result<Bytes> TpmExchange::repeatWhileBusy(const CommandHeader& header, ByteView command)
{
    RetryPauses pauses{withinEnd(m_deadlines.busyRetries)};
    ++m_traffic.commands;
    if (m_end && !m_cleanUp && createsKey(header)) {
        m_end = Deadline::in(m_end->left() + m_deadlines.createKey); // once, however often the TPM says "not now"
    }
    for (int misread = 0;;) {
        auto response = runOnce(header, command);
        if (!response) {
            auto error = sayingWhichEnd(std::move(response).error());
            error.operation = traitsOf(header.commandCode).name;
            m_brokenBy = error;
            return error;
        }
        const auto code = responseCodeOf(*response);
        const bool loads = traitsOf(header.commandCode).handle == ResponseHandle::One;
        m_mayHideHandle = m_mayHideHandle || (loads && code != 0);
        const bool busy = asksForRetry(code);
        if (!busy && nameFitsArea(header, *response)) {
            return response;
        }
        if (!busy && ++misread == kMostReadings) {
            return misreadArea(header);
        }
        if (busy && (pauses.exhausted() || (m_cleanUp && m_cleanUp->passed()))) {
            return makeError(DeviceCode::TpmStaysBusy, "the TPM keeps answering " + responseCodeText(code),
                             std::string{traitsOf(header.commandCode).name}, TssCode{code});
        }
        TRY(pauseBeforeRetry(header, pauses.next()));
        ++m_traffic.retries;
    }
}

/// Waits before \p header's command is sent again. Error D-141 if a stop was asked, before or meanwhile, unless the
/// command cleansUp(): that one waits on, within kCleanUpTime.
Result<void> TpmExchange::pauseBeforeRetry(const CommandHeader& header, std::chrono::milliseconds pause)
{
    if (!m_cleanUp && !m_stop.askedWithin(pause)) {
        return {};
    }
    if (!cleansUp(header)) {
        return cancelled(header);
    }
    m_stop.sitOut(std::min(pause, beginCleanUp().left()));
    return {};
}

/// One command, one response. m_mayHaveLoaded is set before the command is sent: even if no response comes, the TPM may
/// have executed it.
Result<Bytes> TpmExchange::runOnce(const CommandHeader& header, ByteView command)
{
    const auto traits = traitsOf(header.commandCode);
    m_mayHaveLoaded = m_mayHaveLoaded || traits.handle == ResponseHandle::One;
    const auto deadline = deadlineOf(header);
    TRY(m_channel->send(command, deadline));
    m_traffic.bytesOut += command.size();
    const auto sentAt = Clock::now();
    auto frame = receiveFrame(deadline);
    m_traffic.busy += std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - sentAt);
    if (frame) {
        TRY(checkResponseFrame(header, *frame));
    }
    return frame;
}

/// Receives until the size that the header announces is there. A stream may deliver a response in any pieces.
Result<Bytes> TpmExchange::receiveFrame(Deadline deadline)
{
    Bytes frame(kLongestFrame + 1); // one more than allowed: a surplus byte must have room to show itself
    std::size_t received = 0;
    std::size_t announced = 0;
    while (!isWhole({frame.data(), received}, announced)) {
        auto some = receiveSome(std::span{frame}.subspan(received), deadline);
        if (!some && some.error().code == DeviceCode::NoTpmAnswers) {
            return brokeOff(received, &some.error());
        }
        TRY_ASSIGN(const auto count, std::move(some));
        if (count == 0) {
            return brokeOff(received, nullptr);
        }
        received += count;
        m_traffic.bytesIn += count;
        if (received >= kHeaderSize) {
            TRY_ASSIGN(announced, announcedSize({frame.data(), received}));
        }
    }
    frame.resize(received);
    return frame;
}

/// Receives some bytes. A stop request shortens the wait to kCleanUpTime instead of ending it; \p deadline is changed
/// so that the rest of the response is bounded by it, too. Error D-141 if the response is not complete by then.
Result<std::size_t> TpmExchange::receiveSome(std::span<std::byte> buffer, Deadline& deadline)
{
    auto count = m_channel->receive(buffer, deadline);
    if (!count && count.error().code == DeviceCode::Cancelled && !m_cleanUp) {
        deadline = beginCleanUp();
        count = m_channel->receive(buffer, deadline);
    }
    if (!count && count.error().code == DeviceCode::TpmTimedOut && m_cleanUp) {
        return stopAsked({}, "and the TPM did not finish its command");
    }
    return count;
}

/// Ends the channel's interruption and starts kCleanUpTime, once; returns its end.
Deadline TpmExchange::beginCleanUp()
{
    if (!m_cleanUp) {
        m_stop.waitUntilAsked(); // interrupt() has returned: it cannot come after the resume() below and undo it
        m_channel->resume();
        m_cleanUp = Deadline::in(kCleanUpTime);
    }
    return *m_cleanUp;
}

Deadline TpmExchange::deadlineOf(const CommandHeader& header) const
{
    if (m_cleanUp) {
        return *m_cleanUp;
    }
    return Deadline::in(withinEnd(createsKey(header) ? m_deadlines.createKey : m_deadlines.normal));
}

/// A silent device and one that is merely slow end in the same code; the words say which of the two it was.
Error TpmExchange::sayingWhichEnd(Error error) const
{
    if (error.code == DeviceCode::TpmTimedOut && m_end && m_end->passed()) {
        error.what += "; the time for the whole test is over";
    }
    return error;
}

std::chrono::milliseconds TpmExchange::withinEnd(std::chrono::milliseconds span) const noexcept
{
    return m_end ? std::min(span, m_end->left()) : span;
}

} // namespace enroll::tpm
