#pragma once

#include "core/provisioning/enrollment_list.h"
#include "core/provisioning/service_error.h"

#include <functional>

namespace enroll::provisioning {

/// The condition of an If-Match header. Source: RFC 9110, section 13.1.1.
struct EtagCondition {
    std::optional<std::string> etag; ///< as in the header; absent: no condition
    /// True if \p stored is that ETag. Quotes around either are ignored: client libraries disagree about them.
    [[nodiscard]] bool holdsFor(const std::string& stored) const;
};

/// The condition of a header's value; "" (no header) and "*" give none.
EtagCondition etagCondition(const std::string& ifMatch);

/// An enrollment and the registration state of its device; no state if the device has never registered.
struct EnrollmentView {
    IndividualEnrollment enrollment;
    std::optional<RegistrationState> registration;
};

struct EnrollmentPage {
    std::vector<IndividualEnrollment> enrollments;
    std::string continuation; ///< empty on the last page
};

/// The most enrollments on a page of a query; a request for more gets this many.
inline constexpr std::size_t kMostPerPage = 100;

/// The service API: creates, changes, finds and removes enrollments. Keeps no state of its own, so that several
/// instances of the service can work on one list. One thread per object, that of its list.
///
/// A write that finds the enrollment changed meanwhile starts over, several times, before it is refused as 409203.
class EnrollmentFlow {
public:
    EnrollmentFlow(EnrollmentList& list, std::function<UtcTime()> now) : m_list(list), m_now(std::move(now)) {}

    /// \par Errors   409201 (the id is taken), 400001 (a name that no hub can have), 400008 (custom allocation)
    ServiceResult<IndividualEnrollment> create(IndividualEnrollment enrollment);
    /// Replaces an enrollment. The registration id's letter case and createdAt stay as they were stored.
    ///
    /// \par Errors   404201 (no such enrollment), 412001 (the condition does not hold), 409203, 400001, 400008
    ServiceResult<IndividualEnrollment> update(IndividualEnrollment enrollment, const EtagCondition& condition);
    /// \par Errors   404201, 412001, 409203
    ServiceResult<void> remove(const enrollment::RegistrationId& id, const EtagCondition& condition);
    /// One enrollment of a bulk call.
    ///
    /// \par Errors   those of create, update and remove
    ServiceResult<void> apply(BulkMode mode, const IndividualEnrollment& enrollment);

    /// \par Errors   404201
    ServiceResult<EnrollmentView> find(const enrollment::RegistrationId& id);
    /// The enrollments in the order of their registrationKey().
    ///
    /// \param continuation  EnrollmentPage::continuation of the page before; empty for the first page
    /// \param most          how many; 0 for kMostPerPage
    /// \par Errors   400001 (the continuation is not one of this service)
    ServiceResult<EnrollmentPage> page(const std::string& continuation, std::size_t most);

    /// \par Errors   404202
    ServiceResult<RegistrationState> registration(const enrollment::RegistrationId& id);
    /// \par Errors   404202, 412001, 409203
    ServiceResult<void> removeRegistration(const enrollment::RegistrationId& id, const EtagCondition& condition);

private:
    EnrollmentList& m_list;
    std::function<UtcTime()> m_now;
};

/// A new ETag, quotes included.
std::string newEtag();

} // namespace enroll::provisioning
