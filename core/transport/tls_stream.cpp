#include "core/transport/tls_stream.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/base/written_text.h"
#include "core/crypto/openssl_error.h"
#include "core/transport/interruptible_wait.h"
#include "core/transport/tls_fault.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <limits>
#include <poll.h>

namespace enroll::transport {
namespace {

Error failed(const char* operation)
{
    return crypto::opensslError(StationCode::CryptoFailed, "cannot begin TLS", operation);
}

int sizeFor(std::size_t size) noexcept
{
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

} // namespace

/// The members stay where they are: OpenSSL holds their addresses.
struct TlsStream::Parts {
    TlsSocket socket;
    TlsRole peer;
    std::string expectedName;
    CertificateFault certificate = {};
    SslPtr ssl = nullptr;
    TlsPhase phase = TlsPhase::Handshake;
    bool broken = false; ///< after a fault of TLS nothing more may be sent

    static Result<std::unique_ptr<Parts>> make(system::Descriptor opened, const TlsContext& context, std::string name);
    Result<void> expectName() const;
    Result<void> shakeHands(const Deadline& deadline, const system::WakeUp& interrupt);
    template <class Step>
    Result<std::size_t> run(Step step, const Deadline& deadline, const system::WakeUp& interrupt);
    [[nodiscard]] Error fault();
    void readLastWords();
    Result<void> wait(int wanted, const Deadline& deadline, const system::WakeUp& interrupt) const;
};

Result<std::unique_ptr<TlsStream::Parts>> TlsStream::Parts::make(system::Descriptor opened, const TlsContext& context,
                                                                 std::string name)
{
    ERR_clear_error();
    auto parts = std::make_unique<Parts>(
        Parts{TlsSocket{.socket = std::move(opened)}, otherEndOf(context.own()), std::move(name)});
    parts->ssl.reset(SSL_new(context.handle()));
    auto bio = makeBio(parts->socket);
    if (!parts->ssl || !bio) {
        return failed("SSL_new");
    }
    auto* both = bio.release();
    SSL_set_bio(parts->ssl.get(), both, both); // takes it, once for reading and writing
    noteFaultsIn(parts->certificate, parts->ssl.get());
    return parts;
}

/// Asks for the certificate of expectedName, and says so to the peer where it is a host's.
Result<void> TlsStream::Parts::expectName() const
{
    SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), expectedName.c_str()) == 1) {
        return {};
    }
    ERR_clear_error(); // it is no address
    // What follows stands for SSL_set_tlsext_host_name(), a macro with a cast of C's.
    auto name = expectedName;
    if (SSL_set1_host(ssl.get(), name.c_str()) != 1 ||
        SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) != 1) {
        return failed("SSL_set1_host");
    }
    return {};
}

Result<void> TlsStream::Parts::wait(int wanted, const Deadline& deadline, const system::WakeUp& interrupt) const
{
    const short events = wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    // A peer that drips keeps the socket ready, and the wait would never see the deadline.
    auto ready = deadline.passed() ? Result<void>{tlsTimedOut(phase, peer)}
                                   : waitUntilReady(socket.socket.fd(), events, deadline, interrupt);
    return !ready && ready.error().code == DeviceCode::TpmTimedOut ? Result<void>{tlsTimedOut(phase, peer)} : ready;
}

/// Why the last call failed. Nothing may be sent or received afterwards.
Error TlsStream::Parts::fault()
{
    broken = true;
    return tlsFault({phase, peer, socket, certificate, expectedName});
}

/// A peer that refuses sends an alert and closes: what is sent to it then fails first, and the alert waits to be read.
void TlsStream::Parts::readLastWords()
{
    std::array<std::byte, 1> ignored{};
    ERR_clear_error();
    const int got = SSL_read(ssl.get(), ignored.data(), sizeFor(ignored.size()));
    if (got > 0 || !alertCame()) {
        ERR_clear_error();
    }
}

/// Calls \p step until it is done: what it gave, 0 if the peer said the end of the connection.
template <class Step>
Result<std::size_t> TlsStream::Parts::run(Step step, const Deadline& deadline, const system::WakeUp& interrupt)
{
    for (;;) {
        TRY(requireNotInterrupted(interrupt));
        ERR_clear_error();
        const int outcome = step(ssl.get());
        if (outcome > 0) {
            return static_cast<std::size_t>(outcome);
        }
        const int wanted = SSL_get_error(ssl.get(), outcome);
        if (wanted == SSL_ERROR_ZERO_RETURN) {
            return std::size_t{0};
        }
        if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) {
            if (wanted == SSL_ERROR_SYSCALL && phase == TlsPhase::Session && !socket.ended) {
                readLastWords();
            }
            return fault();
        }
        TRY(wait(wanted, deadline, interrupt));
    }
}

Result<void> TlsStream::Parts::shakeHands(const Deadline& deadline, const system::WakeUp& interrupt)
{
    TRY_ASSIGN(const auto done, run([](SSL* one) { return SSL_do_handshake(one); }, deadline, interrupt));
    const bool shown = SSL_get0_peer_certificate(ssl.get()) != nullptr;
    if (done == 0 || !shown || SSL_get_verify_result(ssl.get()) != X509_V_OK) { // each of them would have ended it
        broken = true;
        return makeError(StationCode::PeerNotOfPlant, "the TLS handshake ended without a certificate that is good",
                         "TLS handshake");
    }
    phase = TlsPhase::Session;
    return {};
}

Result<TlsStream> TlsStream::connect(system::Descriptor socket, const TlsContext& context, const std::string& name,
                                     const Deadline& deadline, const system::WakeUp& interrupt)
{
    TRY_ASSIGN(auto parts, Parts::make(std::move(socket), context, name));
    TRY(parts->expectName());
    SSL_set_connect_state(parts->ssl.get());
    TRY(parts->shakeHands(deadline, interrupt));
    return TlsStream{std::move(parts)};
}

Result<TlsStream> TlsStream::accept(system::Descriptor socket, const TlsContext& context, const Deadline& deadline,
                                    const system::WakeUp& interrupt)
{
    TRY_ASSIGN(auto parts, Parts::make(std::move(socket), context, {}));
    SSL_set_accept_state(parts->ssl.get());
    TRY(parts->shakeHands(deadline, interrupt));
    return TlsStream{std::move(parts)};
}

TlsStream::TlsStream(std::unique_ptr<Parts> parts) noexcept : m_parts(std::move(parts)) {}

TlsStream::TlsStream(TlsStream&& other) noexcept = default;

TlsStream::~TlsStream()
{
    if (m_parts && !m_parts->broken) {
        SSL_shutdown(m_parts->ssl.get()); // one try: the socket does not block
        ERR_clear_error();
    }
}

Result<void> TlsStream::send(ByteView bytes, const Deadline& deadline, const system::WakeUp& interrupt) const
{
    while (!bytes.empty()) {
        const auto write = [bytes](SSL* ssl) { return SSL_write(ssl, bytes.data(), sizeFor(bytes.size())); };
        TRY_ASSIGN(const auto sent, m_parts->run(write, deadline, interrupt));
        if (sent == 0) {
            return m_parts->fault();
        }
        bytes = bytes.subspan(sent);
    }
    return {};
}

Result<std::size_t> TlsStream::receive(std::span<std::byte> buffer, const Deadline& deadline,
                                       const system::WakeUp& interrupt) const
{
    const auto read = [buffer](SSL* ssl) { return SSL_read(ssl, buffer.data(), sizeFor(buffer.size())); };
    return m_parts->run(read, deadline, interrupt);
}

std::string TlsStream::peerSubject() const
{
    const auto read = valueOf(SSL_get0_peer_certificate(m_parts->ssl.get()));
    return read ? shownText(read->subject()) : std::string{};
}

int TlsStream::fd() const noexcept
{
    return m_parts->socket.socket.fd();
}

} // namespace enroll::transport
