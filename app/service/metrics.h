#pragma once

#include "core/provisioning/registration_state.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace enroll::app::service {

/// Counters of this process, for GET /metrics. Any thread.
class Metrics {
public:
    void countRequest(const std::string& route, int status);
    void countRegistration(provisioning::RegistrationStatus outcome);

    /// Source: Prometheus documentation, "Exposition formats", text format 0.0.4.
    [[nodiscard]] std::string text(std::size_t openConnections) const;

private:
    mutable std::mutex m_mutex;
    std::map<std::pair<std::string, int>, std::uint64_t> m_requests;
    std::map<provisioning::RegistrationStatus, std::uint64_t> m_registrations;
};

} // namespace enroll::app::service
