#pragma once

#include "tests/support/twisted_line.h"

namespace enroll::test {

// What a part on the line may make of a response: the twists of the attack table.

/// The TPM's own answer was a refusal.
bool failed(const Exchange& exchange);
bool has(const ResponseParts::Part ResponseParts::*part, const Exchange& exchange);

/// The response with one bit of a part turned over: the first of the part, or one of its last byte.
enum class Bit { First, Last };
Twist flipping(const ResponseParts::Part ResponseParts::*part, Bit bit);
Twist flippingHeader(std::size_t offset, unsigned mask);
/// A refusal with \p code.
Twist saying(std::uint32_t code);
/// One frame made of another.
Twist changing(Bytes (*change)(const Exchange& now), RelayReply::Then then = RelayReply::Then::Continue);

Bytes half(const Exchange& now);
Bytes nothing(const Exchange& now);
Bytes oneByteLess(const Exchange& now);
Bytes longer(const Exchange& now);
Bytes longerAndSaysSo(const Exchange& now);
Bytes announcesAMebibyte(const Exchange& now);
Bytes zeros(const Exchange& now);
Bytes ones(const Exchange& now);
Bytes emptySuccess(const Exchange& now);
/// Without parameterSize and authorizations, as if the command had no sessions.
Bytes withoutSessions(const Exchange& now);
Bytes failureWithBody(const Exchange& now);
/// TPM2_EvictControl has succeeded, says somebody who has no key of the session: all is right but the HMAC.
Bytes forgedSuccess(const Exchange& now);

/// Behind the deadline of the station, which by then has hung up.
RelayReply tooLate(const Exchange& now, const std::vector<Exchange>& before);
RelayReply previous(const Exchange& now, const std::vector<Exchange>& before);
RelayReply first(const Exchange& now, const std::vector<Exchange>& before);
RelayReply earlier(const Exchange& now, const std::vector<Exchange>& before);
/// The one before the previous response to the same command.
RelayReply sameCommandBefore(const Exchange& now, const std::vector<Exchange>& before);

// What a part on the line may have the TPM do while keys are made persistent: the meddlings of the attack table.

/// Another key is kept at the handle for which the station's command is.
Bytes keepsAnother(Bytes command, const AskTpm& ask);
/// The key that the station reads back is evicted before.
Bytes evictsKept(Bytes command, const AskTpm& ask);
/// Likewise, and the station reads the one that is loaded.
Bytes evictsKeptAndShowsLoaded(Bytes command, const AskTpm& ask);
/// The key that the station reads back is evicted before, and another is kept in its place.
Bytes replacesKept(Bytes command, const AskTpm& ask);
/// The station asks whether the handle is free, and reads another persistent key.
Bytes leadsToAnother(Bytes command, const AskTpm& ask);
/// Likewise, and reads the key that it is about to keep, as it is loaded.
Bytes leadsToLoaded(Bytes command, const AskTpm& ask);

} // namespace enroll::test
