#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <optional>
#include <string_view>

/// What an end of OpenSSH's client means. Functions of its exit status and of what it said, without a process or a clock.
namespace enroll::transport {

/// How the client ended. 127: it could not be run; 255: by its own fault, or by a signal at the far end; else as the relay did.
/// Absent: nobody knows.
using SshStatus = std::optional<int>;

/// Whether a login goes straight to the device, or by way of a jump host.
enum class SshWay { Direct, ByJumpHost };

/// Why the client ended before the login was done. Nothing was asked of the device's TPM.
///
/// The client tells its faults by sentences alone. The last one decides between the codes; whatever stands before it may be the
/// host's own banner. D-101 and D-102 are made where nobody had shown a host key yet, and no host can make the client say so;
/// everything that is not recognised is a fault of the station's, so that no device fails for another one that took its address.
/// With a jump host the client that logs in there says its sentences first, and the device's client that its way has ended. Of
/// such a host only that the system there reaches nobody at the device's address is D-101, as codeOfConnectFault() has it; each
/// other fault of it is the station's, and so is a silence behind it, which may be its own.
/// \par Errors   D-101 or S-321 as codeOfConnectFault(), S-321 (no such name; the client is not installed), D-102 (the host is
///               silent), S-349 (a host key that is not known), S-350 (another one than is known, or one that was revoked),
///               S-351 (the login is refused), S-353 (anything else)
Error sshLoginFault(const SshStatus& status, std::string_view said, SshWay way);

/// Why the client ended after the login. \p answered: a response of the TPM came before.
/// \par Errors   S-352 (the host has no such program as the relay is, or may not run it, or it may not open the TPM), D-101 (the
///               relay ended, or the line), S-353 (the line by way of a jump host; nobody knows what ended)
Error sshRelayFault(const SshStatus& status, std::string_view said, bool answered, SshWay way);

/// S-354 where \p first, the first bytes that came after the login, are text: nothing then tells where a response begins. Nothing
/// for what may be a TPM's response, or a broken one.
std::optional<Error> textBeforeAnswer(ByteView first);

/// \p what with the client's own words behind it, those of one line; alone if it said nothing.
std::string withSaid(std::string what, std::string_view said);

} // namespace enroll::transport
