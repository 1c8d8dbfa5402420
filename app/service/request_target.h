#pragma once

#include "core/base/result.h"

#include <map>
#include <string>
#include <vector>

namespace enroll::app::service {

/// A request's path and query, split first and percent-decoded then: an encoded slash stays inside its segment.
struct RequestTarget {
    std::vector<std::string> path; ///< "/enrollments/a%3Ab" is {"enrollments", "a:b"}; one trailing slash is dropped
    std::map<std::string, std::string> query;
};

/// Error S-335 for a broken escape or a control character.
Result<RequestTarget> parseRequestTarget(const std::string& target);

} // namespace enroll::app::service
