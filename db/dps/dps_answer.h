#pragma once

#include "core/delivery/destination.h"
#include "core/enrollment/ids.h"
#include "db/dps/http_message.h"

#include <span>
#include <variant>
#include <vector>

namespace enroll::provisioning {
struct IndividualEnrollment;
}

/// What the service's answers mean. Pure functions of values: no socket, no clock of their own.
namespace enroll::db::dps {

/// The service's own error form, as far as it was given: an answer without one has 0 and "".
struct ServiceRefusal {
    int errorCode = 0;   ///< HTTP status * 1000 + number
    std::string message; ///< serviceText()
};
ServiceRefusal refusalOf(const HttpAnswer& answer);

/// An answer that refuses a whole call, as an Error: U-401, U-403 (also a 401 whose code says that a right is missing),
/// U-404, U-409, U-429, U-500 for every 5xx, U-400 for the other 4xx, U-502 for what is no answer to this call at all.
Error errorOfAnswer(const HttpAnswer& answer, const std::string& operation);

/// What kept a call from an answer, as trouble of the whole call.
delivery::Trouble troubleOf(const NoAnswer& none);

/// The id exists at the service: what lies there decides.
struct Conflict {
    bool operator==(const Conflict&) const = default;
};
/// An item of a call that did not succeed, and about which the service says nothing: what lies there decides, as
/// nothing in the protocol says that such an item was created.
struct NotMentioned {
    bool operator==(const NotMentioned&) const = default;
};
/// The service refuses what it was sent for a record. Only its answers to other records show whether the fault is the
/// record's or the service would refuse any: its codes do not (400004 stands for a bad key and for a wrong API version).
struct Refused {
    int errorCode = 0;  ///< the service's own
    std::string reason; ///< with the code; serviceText()
    bool operator==(const Refused&) const = default;
};
using ItemVerdict = std::variant<delivery::Accepted, Conflict, NotMentioned, Refused, delivery::Trouble>;

/// The service refuses the whole call: for something in it, and then its records must go one by one, or as it would any.
struct SpoiledCall {
    Error error;
};
/// One verdict for each record of the call, or one for the call.
using BulkVerdict = std::variant<std::vector<ItemVerdict>, SpoiledCall, delivery::Trouble>;

/// Judges the answer to a bulk creation of \p ids. Items were created only if the service says so by a successful
/// result without errors; a result that contradicts itself (an unsuccessful one without errors, a successful one with
/// errors, two different errors for one id, an error for an id that was not sent, a code that is none) leaves the call
/// in doubt with U-502.
///
/// A record is refused by the service's own word alone: by its item, or, where it was the only one of a refused call,
/// by an answer in the service's error form whose code is of the answer's status. An item's 401 or 403 (a quota, a
/// right) would meet any record: RefusedAll with U-416. Any other answer under a refusing status, a gateway's page for
/// one, leaves the call in doubt with U-502; so do 401 and 403 in another form than the service's.
BulkVerdict judgeBulkAnswer(const HttpAnswer& answer, std::span<const enrollment::RegistrationId> ids, UtcTime now);

/// True if the service, in its own form, refuses to say what it holds under an id: it would refuse any call.
bool refusesQuestions(const HttpAnswer& answer);

/// Judges what the service holds under the id of \p wanted, the enrollment that was sent. Another key is RefusedRecord
/// with U-409, and so is an enrollment by other means than a TPM; a member with another value (differences()) is
/// RefusedRecord with U-410, which names each and both values. Absent is 404201; any other 404 and a 400 in the service's
/// error form let it only be inferred, because a wrong path or version is answered alike. What is no answer to this
/// question, a gateway's page for one, is U-502, in doubt.
delivery::ReadBackOutcome judgeEnrollmentAnswer(const HttpAnswer& answer,
                                                const provisioning::IndividualEnrollment& wanted, UtcTime now);

} // namespace enroll::db::dps
