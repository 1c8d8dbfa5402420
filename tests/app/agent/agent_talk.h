#pragma once

#include "core/base/device_code.h"
#include "core/system/descriptor.h"
#include "core/tpm/loaded_handles.h"
#include "core/transport/open_channel.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/agent_process.h"
#include "tests/support/must.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_commands.h"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/// What a station says to an enroll-agent that is a process of its own, for the tests of this folder.
namespace enroll::test {

using Channel = std::unique_ptr<transport::TpmChannel>;

inline constexpr std::uint32_t kUnknownCommand = 0x143; // TPM_RC_COMMAND_CODE

inline Deadline soon()
{
    return Deadline::in(std::chrono::seconds{20});
}

/// The line to the agent at \p address, or why there is none. \p files are the station's, for TLS.
inline Result<Channel> lineTo(const std::string& address, const transport::AgentFiles& files = {})
{
    return transport::openChannel(must(transport::parseDeviceAddress(address)), soon(), {}, files);
}
inline Channel connectTo(const std::string& address, const transport::AgentFiles& files = {})
{
    return must(lineTo(address, files));
}

/// The response to \p command; empty if the line ended.
inline Bytes ask(transport::TpmChannel& line, const Bytes& command)
{
    Bytes frame(tpm::kLongestFrame);
    std::size_t received = 0;
    if (!line.send(command, soon())) {
        return {};
    }
    do {
        const auto count = line.receive(std::span{frame}.subspan(received), soon());
        if (!count || *count == 0) {
            return {};
        }
        received += *count;
    } while (received < tpm::kHeaderSize || received < must(tpm::announcedSize(frame)));
    frame.resize(received);
    return frame;
}

inline std::uint32_t answerTo(transport::TpmChannel& line, const Bytes& command)
{
    const auto response = ask(line, command);
    return response.empty() ? 0xFFFFFFFF : codeOf(response);
}

/// True if the other end closed the line, and no byte came before that.
inline bool isClosed(transport::TpmChannel& line)
{
    std::array<std::byte, 1> byte{};
    const auto received = line.receive(byte, soon());
    return received ? *received == 0 : received.error().code == DeviceCode::NoTpmAnswers;
}

inline tpm::TpmExchange exchangeWith(const std::string& address)
{
    auto deadlines = testDeadlines();
    deadlines.normal = std::chrono::seconds{20}; // the agent may be about to notice that its station is gone
    return tpm::TpmExchange{connectTo(address), deadlines, {}};
}

/// A connection to \p port of this machine, on which calls block.
inline system::Descriptor socketTo(std::uint16_t port)
{
    system::Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        qFatal("no connection to the agent");
    }
    return socket;
}

/// Takes this end of \p connection away without a word to the other one; false if this account may not.
inline bool takeAway(system::Descriptor connection)
{
    const int silently = 1;
    return ::setsockopt(connection.fd(), IPPROTO_TCP, TCP_REPAIR, &silently, sizeof silently) == 0;
}

/// By how many bytes an agent may grow over many lines. A sanitizer keeps what was freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::int64_t kMostGrowth = 400'000'000;
#else
inline constexpr std::int64_t kMostGrowth = 2'000'000;
#endif

struct Use {
    std::ptrdiff_t descriptors;
    std::int64_t resident; ///< bytes
};

/// What a process holds now.
inline Use useOf(qint64 process)
{
    const auto of = "/proc/" + std::to_string(process);
    std::ifstream file{of + "/statm"};
    std::int64_t size = 0;
    std::int64_t resident = 0;
    file >> size >> resident;
    return {std::distance(std::filesystem::directory_iterator{of + "/fd"}, std::filesystem::directory_iterator{}),
            resident * ::sysconf(_SC_PAGESIZE)};
}

/// What is loaded in the TPM at \p address. A software TPM serves one connection at a time: this waits until the agent
/// has closed its own.
inline tpm::LoadedHandles loadedAt(const std::string& address)
{
    auto exchange = exchangeWith(address);
    return must(tpm::readLoadedHandles(exchange));
}

/// What a station reads of a device, and whether the device proved that it holds the key.
struct Attested {
    attestation::TpmIdentity identity;
    attestation::EndorsementKeyReading endorsementKey;
    Bytes certificates;
    Bytes storageRootKey;
    bool proven = false;
    std::uint64_t commands = 0;
};

inline Attested attestAt(const std::string& address, const transport::AgentFiles& files = {},
                         const tpm::CommandDeadlines& deadlines = testDeadlines())
{
    const auto reader = tpmAt(address, {}, deadlines, files);
    must(reader->connect());
    auto identity = must(reader->identify());
    auto endorsementKey = must(reader->readEndorsementKey({}));
    auto certificates = must(reader->readCertificateChain()).der;
    auto storageRootKey = must(reader->provideStorageRootKey());
    must(reader->release());
    const auto device = tpmAt(address, {}, deadlines, files);
    const auto answer = must(attest(*device, asBytes("sign this")));
    return {std::move(identity),
            std::move(endorsementKey),
            std::move(certificates),
            std::move(storageRootKey),
            answer.given == answer.expected,
            reader->traffic().commands + device->traffic().commands};
}

} // namespace enroll::test
