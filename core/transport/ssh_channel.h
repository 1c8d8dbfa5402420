#pragma once

#include "core/system/child_process.h"
#include "core/system/child_words.h"
#include "core/transport/agent_files.h"
#include "core/transport/interruptible_wait.h"
#include "core/transport/ssh_address.h"
#include "core/transport/ssh_fault.h"
#include "core/transport/tpm_channel.h"

#include <memory>
#include <stop_token>

namespace enroll::transport {

/// TPM bytes through OpenSSH's client, a child process, to a relay that it starts on the device, framed by the TPM header alone.
/// Errors and threads as TpmChannel; also S-352 and S-354, at the first receive() or send(), and S-353, where a jump host or the way
/// to it ended: sshRelayFault(), textBeforeAnswer().
///
/// The client ends with the channel, and with the thread that opened it (ChildProcess). Nothing is waited for then: the host
/// notices that its connection is gone, and the relay that its input is.
class SshChannel final : public TpmChannel {
public:
    /// Logs in. \p files are read before anything is sent.
    /// \par Errors   of requireUsableForSsh() and sshLoginFault(); S-353 (no login until \p deadline, for whatever reason, or another
    ///               program than OpenSSH's client), D-141, S-321 (no process)
    static Result<std::unique_ptr<TpmChannel>> open(const SshAddress& address, const AgentFiles& files,
                                                    const Deadline& deadline, std::stop_token stop);

    Result<void> send(ByteView bytes, const Deadline& deadline) override;
    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) override;
    void interrupt() noexcept override { m_interrupt.raise(); }
    void resume() noexcept override { m_interrupt.clear(); }

private:
    SshChannel(system::Descriptor stream, system::ChildWords words, system::ChildProcess client,
               system::WakeUp interrupt, SshWay way) noexcept
        : m_stream(std::move(stream)), m_words(std::move(words)), m_client(std::move(client)),
          m_interrupt(std::move(interrupt)), m_way(way)
    {}
    static Result<std::unique_ptr<SshChannel>> start(std::vector<std::string> arguments, SshWay way);
    Result<void> awaitLogin(const Deadline& deadline, const system::WakeUp& interrupt);
    Result<std::size_t> receiveSome(std::span<std::byte> buffer, const Deadline& deadline,
                                    const system::WakeUp& interrupt);
    Result<void> wait(short events, const Deadline& deadline, const system::WakeUp& interrupt);
    [[nodiscard]] Bytes withMore(ByteView first) const;
    Result<SshStatus> ended(const Deadline& deadline, const system::WakeUp& interrupt);
    Error relayFault(const Deadline& deadline);

    system::Descriptor m_stream; ///< the client's input and output
    system::ChildWords m_words;  ///< its standard error
    system::ChildProcess m_client;
    system::WakeUp m_interrupt;
    SshWay m_way;
    std::size_t m_saidAtLogin = 0; ///< bytes of m_words that came before the login was done
    bool m_answered = false;       ///< a response of the TPM came
};

} // namespace enroll::transport
