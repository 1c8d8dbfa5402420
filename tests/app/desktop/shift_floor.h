#pragma once

#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QByteArray>
#include <QString>

#include <atomic>

namespace enroll::test {

/// What is wrong with a device, or happens to it.
enum class Fate {
    Good,
    BadLine,          ///< a part on its board alters what the TPM signs: FAIL
    UnknownIssuer,    ///< nobody whom the station trusts certified its TPM: HOLD
    PulledOut,        ///< somebody takes it out in the middle of its first test
    ClaimedElsewhere, ///< the service holds another key under its id, and rejects its record
};

/// A device as it comes on the line: a TPM that is off until somebody plugs it in, and the label under it.
class LabelledDevice {
public:
    LabelledDevice(int number, Fate fate);

    [[nodiscard]] const QString& label() const { return m_label; }
    [[nodiscard]] Fate fate() const { return m_fate; }
    /// Base64 of the endorsement key's TPM2B_PUBLIC, as tpm2-tools read it.
    [[nodiscard]] QString publicKey() const { return QString::fromLatin1(m_key.toBase64()); }
    /// The id under which the service knows that key.
    [[nodiscard]] QByteArray registrationId() const;
    [[nodiscard]] std::vector<std::filesystem::path> authorities() const { return m_tpm.caCertificates(); }

    /// Nothing happens if it is on.
    void switchOn();
    void switchOff();
    /// While it is on.
    [[nodiscard]] std::string address() const { return m_tpm.address(); }
    /// What its line does. An enroll-agent on it says the label's serial number to whoever asks. Ends with Leave where
    /// somebody pulls the device out.
    [[nodiscard]] RelayBehaviour line();

private:
    std::optional<RelayReply> answerInstead(std::uint32_t command);
    RelayReply answer(std::uint32_t command, Bytes response);

    QString m_label;
    Fate m_fate;
    SwtpmFixture m_tpm;
    QByteArray m_key; ///< TPM2B_PUBLIC
    bool m_on = false;
    std::atomic<bool> m_pulled = false; ///< once in its life
};

/// A place of the fixture: an address that stays the same, where somebody answers while a device is in.
class Socket {
public:
    Socket();
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    /// "tcp://127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;
    [[nodiscard]] LabelledDevice* device() const { return m_device; }
    void put(LabelledDevice& device);
    void takeOut();
    /// The device stays in, and nothing of it is heard.
    void unplugCable();
    void plugCable();
    /// Each device is heard at the address of the other from here on, as far as its cable is plugged in. None is off
    /// meanwhile.
    static void exchangeCables(Socket& one, Socket& other);

private:
    std::uint16_t m_port = 0;
    int m_holder = -1; ///< keeps the port, and never listens
    LabelledDevice* m_device = nullptr;
    std::unique_ptr<TpmRelay> m_line;
};

} // namespace enroll::test
