#include "core/transport/tls_fault.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace enroll::transport {
namespace {

constexpr int kOfAnotherPart = -1;

/// The reason of the newest entry of OpenSSL's error queue: 0 if there is none, kOfAnotherPart if TLS itself did not make it.
int newestReason() noexcept
{
    const auto newest = ERR_peek_last_error();
    if (newest == 0) {
        return 0;
    }
    return ERR_GET_LIB(newest) == ERR_LIB_SSL ? ERR_GET_REASON(newest) : kOfAnotherPart;
}

const char* operationOf(TlsPhase phase) noexcept
{
    return phase == TlsPhase::Handshake ? "TLS handshake" : "TLS";
}

std::string the(TlsRole role)
{
    return "the " + std::string{wordOf(role)};
}

Error made(const TlsCircumstances& met, ErrorCode code, std::string what)
{
    return crypto::opensslError(code, std::move(what), operationOf(met.phase));
}

/// What a peer means that refuses a certificate; nothing for an alert of another kind.
/// Source: RFC 8446, section 6.2, "Error Alerts".
std::optional<std::string> refusalIn(int reason, TlsRole peer)
{
    const auto own = the(otherEndOf(peer)) + "'s certificate";
    const auto other = the(peer);
    switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return other + " asks for a certificate and got none";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        return other + " does not know the authority of " + own + ": both need certificates of one plant's authority";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        return other + " says that " + own + " has expired: renew it, or set the clock there";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        return other + " finds " + own +
               " not good for this address, or not valid yet: check its names, and the clock there";
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        return other + " says that " + own + " is not made for this use";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        return other + " says that " + own + " was revoked";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
        return other + " refuses " + own;
    default:
        return std::nullopt;
    }
}

bool isOfVersion(int reason) noexcept
{
    constexpr std::array kOfVersion{SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
                                    SSL_R_WRONG_SSL_VERSION,    SSL_R_VERSION_TOO_LOW,
                                    SSL_R_NO_SHARED_CIPHER,     SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY};
    return std::ranges::find(kOfVersion, reason) != kOfVersion.end();
}

/// True for what a TPM answers, or is asked, without TLS: a TPM header begins with one of these tags.
/// Source: TPM 2.0 Library Part 2, "TPM_ST (Structure Tags)"; of a TPM that does not understand, TPM_ST_RSP_COMMAND.
bool beginsAsTpm(ByteView bytes) noexcept
{
    const auto begins = [bytes](std::byte first, std::byte second) {
        return bytes.size() >= 2 && bytes[0] == first && bytes[1] == second;
    };
    return begins(std::byte{0x80}, std::byte{0x01}) || begins(std::byte{0x80}, std::byte{0x02}) ||
           begins(std::byte{0x00}, std::byte{0xc4});
}

/// True for the record types with which TLS can begin: an alert, a handshake. Source: RFC 8446, section 5.1.
bool beginsAsTls(ByteView bytes) noexcept
{
    constexpr std::byte kAlert{21};
    constexpr std::byte kHandshake{22};
    return !bytes.empty() && (bytes[0] == kAlert || bytes[0] == kHandshake);
}

std::string brokenLine(const TlsCircumstances& met)
{
    const auto other = the(met.peer);
    if (met.phase == TlsPhase::Session) {
        return met.socket.ended ? "the connection ended without the end that TLS gives it: it was cut, or " + other +
                                      " stopped at once"
                                : "the connection broke";
    }
    if (met.socket.firstCount > 0) {
        return other + " hung up in the middle of the TLS handshake";
    }
    return other + " hung up before it said anything" +
           (met.peer == TlsRole::Agent ? ": it serves another one, or speaks no TLS" : "");
}

/// An agent that goes before the handshake is done serves another one, or is none: nothing was asked of a TPM yet, and what
/// listens there is no fault of the device.
ErrorCode codeOfBrokenLine(const TlsCircumstances& met) noexcept
{
    const bool beforeTls = met.phase == TlsPhase::Handshake && met.peer == TlsRole::Agent;
    return beforeTls ? ErrorCode{StationCode::PeerSpeaksOtherwise} : ErrorCode{DeviceCode::NoTpmAnswers};
}

/// The peer went, or the line to it did. A peer that closes with something unread resets the connection.
Error lineFault(const TlsCircumstances& met)
{
    auto error = made(met, codeOfBrokenLine(met), brokenLine(met));
    if (met.socket.fault != 0) {
        error.source = Errno{met.socket.fault};
    }
    return error;
}

Error noTls(const TlsCircumstances& met)
{
    const bool isAgent = met.peer == TlsRole::Agent;
    if (beginsAsTpm(met.socket.firstBytes())) {
        return made(
            met, StationCode::PeerSpeaksOtherwise,
            isAgent
                ? "a TPM answers there without TLS: its address begins with tcp://, or its agent listens without TLS"
                : "the station speaks to the TPM without TLS: its address of this agent begins with tls://");
    }
    return made(met, StationCode::PeerSpeaksOtherwise,
                "what is at the other end speaks no TLS: correct the address, or start " + the(met.peer) + " there");
}

Error handshakeFault(const TlsCircumstances& met, int reason)
{
    if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
        return made(met, StationCode::PeerNotOfPlant, the(met.peer) + " shows no certificate");
    }
    if (met.socket.firstCount > 0 && !beginsAsTls(met.socket.firstBytes())) {
        return noTls(met);
    }
    if (isOfVersion(reason)) {
        return made(met, StationCode::PeerSpeaksOtherwise,
                    the(met.peer) + " has no TLS 1.3, the only version that is used here");
    }
    return made(met, StationCode::PeerSpeaksOtherwise, "the TLS handshake with " + the(met.peer) + " failed");
}

} // namespace

Error tlsFault(const TlsCircumstances& met)
{
    if (met.certificate.number != X509_V_OK) {
        ERR_clear_error(); // says less
        return peerError(met.certificate, met.peer, met.expectedName);
    }
    const int reason = newestReason();
    if (auto refusal = refusalIn(reason, met.peer)) {
        return made(met, StationCode::PeerRefusesCertificate, *std::move(refusal));
    }
    if (reason == 0 || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return lineFault(met);
    }
    return met.phase == TlsPhase::Handshake
               ? handshakeFault(met, reason)
               : made(met, DeviceCode::NoTpmAnswers,
                      the(met.peer) + " broke the rules of TLS, or the line changed what it sent");
}

Error tlsTimedOut(TlsPhase phase, TlsRole peer)
{
    return makeError(DeviceCode::TpmTimedOut,
                     phase == TlsPhase::Handshake ? the(peer) + " did not finish the TLS handshake in time"
                                                  : "no answer in time",
                     operationOf(phase));
}

bool alertCame() noexcept
{
    return newestReason() >= SSL_AD_REASON_OFFSET;
}

} // namespace enroll::transport
