#include "tests/app/desktop/shift_floor.h"

#include "core/enrollment/registration_id.h"
#include "core/tpm/command_table.h"
#include "tests/support/agent_reply.h"
#include "tests/support/must.h"

#include <QFile>
#include <QtGlobal>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace enroll::test {
namespace {

QByteArray keyOf(const SwtpmFixture& tpm)
{
    const auto output = tpm.tool({"tpm2_readpublic", "-Q", "-c", "0x81010001", "-o", "ek.pub"});
    QFile file(QString::fromStdString((tpm.directory() / "ek.pub").string()));
    if (output.exitCode != 0 || !file.open(QIODevice::ReadOnly)) {
        qFatal("no endorsement key: %s", output.standardError.c_str());
    }
    return file.readAll();
}

} // namespace

LabelledDevice::LabelledDevice(int number, Fate fate)
    : m_label(QStringLiteral("GX-%1").arg(number, 6, 10, QLatin1Char('0'))), m_fate(fate),
      m_tpm(fate == Fate::UnknownIssuer ? "another-authority" : "authority"), m_key(keyOf(m_tpm))
{
    m_tpm.stop();
}

void LabelledDevice::switchOn()
{
    if (!std::exchange(m_on, true)) {
        m_tpm.restart();
    }
}

void LabelledDevice::switchOff()
{
    m_tpm.stop();
    m_on = false;
}

QByteArray LabelledDevice::registrationId() const
{
    const auto bytes = std::as_bytes(std::span{m_key.constData(), static_cast<std::size_t>(m_key.size())});
    return QByteArray::fromStdString(must(enrollment::registrationIdFromEk(bytes)).text());
}

RelayBehaviour LabelledDevice::line()
{
    return {.instead = [this](std::uint32_t command) { return answerInstead(command); },
            .reply = [this](std::uint32_t command, Bytes response) { return answer(command, std::move(response)); }};
}

std::optional<RelayReply> LabelledDevice::answerInstead(std::uint32_t command)
{
    if (auto said = agentReply(command, m_label.toStdString(), address())) {
        return said;
    }
    if (m_fate == Fate::PulledOut && command == tpm::command_code::kActivateCredential && !m_pulled.exchange(true)) {
        return RelayReply{.bytes = {}, .then = RelayReply::Then::Leave};
    }
    return std::nullopt;
}

RelayReply LabelledDevice::answer(std::uint32_t command, Bytes response)
{
    if (m_fate == Fate::BadLine && command == tpm::command_code::kHmac) {
        // The last byte of the signature: a response with a password session ends with 5 bytes of authorization.
        response.at(response.size() - 6) ^= std::byte{1};
    }
    return {.bytes = std::move(response)};
}

Socket::Socket() : m_holder(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const int shared = 1;
    if (::setsockopt(m_holder, SOL_SOCKET, SO_REUSEPORT, &shared, sizeof shared) != 0 ||
        ::bind(m_holder, generic, size) != 0 || ::getsockname(m_holder, generic, &size) != 0) {
        qFatal("no port for a place of the fixture");
    }
    m_port = ntohs(address.sin_port);
}

Socket::~Socket()
{
    takeOut();
    ::close(m_holder);
}

std::string Socket::address() const
{
    return "tcp://127.0.0.1:" + std::to_string(m_port);
}

void Socket::put(LabelledDevice& device)
{
    takeOut();
    device.switchOn();
    m_device = &device;
    plugCable();
}

void Socket::takeOut()
{
    m_line.reset();
    if (auto* device = std::exchange(m_device, nullptr)) {
        device->switchOff();
    }
}

void Socket::unplugCable()
{
    m_line.reset();
}

void Socket::plugCable()
{
    if (m_device != nullptr) {
        m_line.reset(); // the port is for one
        m_line = std::make_unique<TpmRelay>(m_device->address(), m_device->line(), m_port);
    }
}

void Socket::exchangeCables(Socket& one, Socket& other)
{
    const bool heard = one.m_line != nullptr;
    const bool otherHeard = other.m_line != nullptr;
    one.unplugCable();
    other.unplugCable();
    std::swap(one.m_device, other.m_device);
    if (otherHeard) {
        one.plugCable();
    }
    if (heard) {
        other.plugCable();
    }
}

} // namespace enroll::test
