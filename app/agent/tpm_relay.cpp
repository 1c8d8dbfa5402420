#include "app/agent/tpm_relay.h"

#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/retry_pauses.h"

#include <thread>

namespace enroll::app::agent {
namespace {

using namespace tpm;

constexpr std::uint32_t kCommandCode = 0x143; // TPM_RC_COMMAND_CODE: the TPM does not know the command

Bytes bareFailure(std::uint32_t code)
{
    ByteWriter writer;
    writer.u16(kTagNoSessions).u32(kHeaderSize).u32(code);
    return std::move(writer).take();
}

LineReport tpmFault(const Error& error)
{
    return {LineEnd::TpmFault, describeForLog(error)};
}

/// What a wait for the station ended with. \p late is what it means that the time is over.
LineReport endBy(const Error& error, LineEnd late, std::string why)
{
    if (error.code == DeviceCode::Cancelled) {
        return {LineEnd::Stopped};
    }
    if (error.code == DeviceCode::TpmTimedOut) {
        return {late, std::move(why)};
    }
    return {LineEnd::Broke, describeForLog(error)};
}

std::string leftLoaded(const Error& error)
{
    return "what the station loaded may still be in the TPM: " + describeForLog(error);
}

/// As flushHandles(), once more as long as the TPM says "not now".
Result<void> flushOne(TpmExchange& exchange, std::uint32_t handle, const Deadline& deadline)
{
    RetryPauses pauses{deadline.left()};
    for (;;) {
        auto flushed = flushHandles(exchange, {handle}, deadline);
        if (flushed || flushed.error().code != DeviceCode::TpmStaysBusy || pauses.exhausted()) {
            return flushed;
        }
        std::this_thread::sleep_for(pauses.next());
    }
}

} // namespace

/// A station on its line.
struct TpmRelay::Visit {
    LineAccount account;
    std::unique_ptr<TpmExchange> exchange; ///< null until a command is for the TPM
};

LineReport TpmRelay::serve(const StationLine& line) const
{
    Visit visit;
    auto report = relayCommands(line, visit);
    const auto left = flush(visit);
    if (!left.empty()) {
        report.why += (report.why.empty() ? "" : "; ") + left;
    }
    return report;
}

LineReport TpmRelay::relayCommands(const StationLine& line, Visit& visit) const
{
    for (;;) {
        const auto command = receiveCommand(line);
        if (!command) {
            return command.error();
        }
        const auto response = answer(visit, *command);
        if (!response) {
            return response.error();
        }
        if (const auto sent = line.send(*response, Deadline::in(m_deadlines.response)); !sent) {
            return endBy(sent.error(), LineEnd::Broke, "the station does not take its response");
        }
        if (visit.account.full()) {
            return {LineEnd::TooMuch, "the station loaded more than a TPM holds"};
        }
    }
}

/// The next whole command. Its header says how long it is, within kLongestFrame.
Result<Bytes, LineReport> TpmRelay::receiveCommand(const StationLine& line) const
{
    Bytes command(kHeaderSize);
    const auto first = line.receive(std::span{command}.first(1), Deadline::in(m_deadlines.idle));
    if (!first) {
        return endBy(first.error(), LineEnd::Silent, "the station sent nothing for too long");
    }
    if (*first == 0) {
        return LineReport{LineEnd::HungUp};
    }
    const auto deadline = Deadline::in(m_deadlines.command);
    std::size_t received = 1;
    const auto complete = [&]() -> std::optional<LineReport> {
        const auto more = line.receive(std::span{command}.subspan(received), deadline);
        const std::string half = "the station sent only a part of a command";
        if (!more) {
            return endBy(more.error(), LineEnd::HalfCommand, half);
        }
        received += *more;
        return received < command.size() ? std::optional{LineReport{LineEnd::HalfCommand, half}} : std::nullopt;
    };
    if (auto ended = complete()) {
        return *std::move(ended);
    }
    const auto size = announcedSize(command); // tag and size of commands keep to the same rules
    if (!size) {
        return LineReport{LineEnd::NoCommand, "the station sent what is no TPM command"};
    }
    command.resize(*size);
    if (auto ended = complete()) {
        return *std::move(ended);
    }
    return command;
}

Result<Bytes, LineReport> TpmRelay::answer(Visit& visit, ByteView command) const
{
    const auto header = parseCommandHeader(command).value(); // tag and size were checked
    if (header.commandCode == command_code::kAgentQuestion) {
        return parseAgentQuestion(command) ? encodeAgentAnswer(m_announcement) : bareFailure(kCommandCode);
    }
    if (!m_gate.lets(header, command, visit.account)) {
        return bareFailure(kCommandCode);
    }
    return forward(visit, header, command);
}

Result<Bytes, LineReport> TpmRelay::forward(Visit& visit, const CommandHeader& header, ByteView command) const
{
    if (!visit.exchange) {
        if (const auto opened = open(visit); !opened) {
            return tpmFault(opened.error());
        }
    }
    const auto response = visit.exchange->run(command);
    if (response) {
        visit.account.note(header, command, *response);
        return *response;
    }
    const auto& error = response.error();
    const auto* code = std::get_if<TssCode>(&error.source);
    if (error.code == DeviceCode::TpmStaysBusy && code != nullptr) {
        return bareFailure(code->value);
    }
    return tpmFault(error);
}

/// Flushes what the station loaded and left, over a line of its own where the one to the TPM broke. What is wrong with that,
/// if anything is; refusals are not: sessions end by themselves.
std::string TpmRelay::flush(Visit& visit) const
{
    const auto& loaded = visit.account.loaded();
    if (loaded.empty()) {
        return {};
    }
    if (visit.exchange->broken()) {
        visit.exchange.reset(); // first: a software TPM serves one line at a time
        if (const auto opened = open(visit); !opened) {
            return leftLoaded(opened.error());
        }
    }
    const auto deadline = Deadline::in(m_deadlines.flush);
    for (auto handle = loaded.rbegin(); handle != loaded.rend(); ++handle) { // objects before sessions
        const auto flushed = flushOne(*visit.exchange, *handle, deadline);
        if (!flushed && (visit.exchange->broken() || deadline.passed())) {
            return leftLoaded(flushed.error());
        }
    }
    return {};
}

Result<void> TpmRelay::open(Visit& visit) const
{
    TRY_ASSIGN(auto channel, m_open());
    visit.exchange = std::make_unique<TpmExchange>(std::move(channel), m_deadlines.tpm, std::stop_token{});
    return {};
}

} // namespace enroll::app::agent
