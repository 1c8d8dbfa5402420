#pragma once

#include "app/agent/command_gate.h"
#include "app/agent/station_line.h"
#include "core/tpm/agent_announcement.h"

#include <functional>
#include <memory>

namespace enroll::app::agent {

/// How the line of one station ended.
enum class LineEnd {
    HungUp,      ///< the station, between two commands
    Stopped,     ///< the agent is to end
    Silent,      ///< no command came for too long
    HalfCommand, ///< a command began, and its end did not come
    NoCommand,   ///< what came is no TPM command
    Broke,       ///< the line, or the station takes no response
    TooMuch,     ///< the station loaded more than LineAccount::kMostLoaded
    TpmFault,    ///< the TPM could not be opened, or did not answer as one
};

struct LineReport {
    LineEnd end;
    std::string why = {}; ///< English, one clause; empty where nothing is wrong
};

/// How long the agent waits for a station, or for the TPM.
struct RelayDeadlines {
    std::chrono::milliseconds idle{30'000};    ///< for the first byte of a command
    std::chrono::milliseconds command{5'000};  ///< from there to its last byte
    std::chrono::milliseconds response{5'000}; ///< until the station took a response
    /// Longer than a station waits. Where it gave up, the response must still be read: it may carry the handle of what
    /// is to be flushed. A "not now" of the TPM's is the station's to hear, so that nothing is sent again here.
    tpm::CommandDeadlines tpm{.normal = std::chrono::milliseconds{30'000},
                              .createKey = std::chrono::milliseconds{180'000},
                              .busyRetries = std::chrono::milliseconds{0}};
    std::chrono::milliseconds flush{10'000}; ///< all of what the station left, at the end
};

using OpenTpm = std::function<Result<std::unique_ptr<transport::TpmChannel>>()>;

/// Relays the TPM to a station, one command at a time, and flushes what that station loaded. Holds no more than one
/// command and one response, however much a station sends.
///
/// A command that the gate does not let through is answered as a TPM answers one that it does not know
/// (TPM_RC_COMMAND_CODE), the question of a station with the announcement; neither reaches the TPM. Responses are handed
/// over as they came.
class TpmRelay {
public:
    /// \param open  called with the first command of a line that is for the TPM
    TpmRelay(OpenTpm open, CommandGate gate, tpm::AgentAnnouncement announcement, const RelayDeadlines& deadlines)
        : m_open(std::move(open)), m_gate(std::move(gate)), m_announcement(std::move(announcement)),
          m_deadlines(deadlines)
    {}

    /// Serves one station until its line ends, and then flushes what it left. A stop ends it between two commands: one
    /// that the TPM has begun is waited for.
    [[nodiscard]] LineReport serve(const StationLine& line) const;

private:
    struct Visit;

    [[nodiscard]] LineReport relayCommands(const StationLine& line, Visit& visit) const;
    [[nodiscard]] Result<Bytes, LineReport> receiveCommand(const StationLine& line) const;
    [[nodiscard]] Result<Bytes, LineReport> answer(Visit& visit, ByteView command) const;
    [[nodiscard]] Result<Bytes, LineReport> forward(Visit& visit, const tpm::CommandHeader& header,
                                                    ByteView command) const;
    [[nodiscard]] std::string flush(Visit& visit) const;
    [[nodiscard]] Result<void> open(Visit& visit) const;

    OpenTpm m_open;
    CommandGate m_gate;
    tpm::AgentAnnouncement m_announcement;
    RelayDeadlines m_deadlines;
};

} // namespace enroll::app::agent
