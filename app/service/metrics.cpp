#include "app/service/metrics.h"

#include <sstream>

namespace enroll::app::service {

void Metrics::countRequest(const std::string& route, int status)
{
    const std::lock_guard lock{m_mutex};
    ++m_requests[{route, status}];
}

void Metrics::countRegistration(provisioning::RegistrationStatus outcome)
{
    const std::lock_guard lock{m_mutex};
    ++m_registrations[outcome];
}

std::string Metrics::text(std::size_t openConnections) const
{
    const std::lock_guard lock{m_mutex};
    std::ostringstream out;
    out << "# HELP enroll_service_requests_total Requests answered, by route and HTTP status.\n"
           "# TYPE enroll_service_requests_total counter\n";
    for (const auto& [key, count] : m_requests) {
        out << "enroll_service_requests_total{route=\"" << key.first << "\",status=\"" << key.second << "\"} " << count
            << '\n';
    }
    out << "# HELP enroll_service_registrations_total Registrations told to devices, by outcome.\n"
           "# TYPE enroll_service_registrations_total counter\n";
    for (const auto& [outcome, count] : m_registrations) {
        out << "enroll_service_registrations_total{outcome=\"" << registrationStatusText(outcome) << "\"} " << count
            << '\n';
    }
    out << "# HELP enroll_service_open_connections Connections open now.\n"
           "# TYPE enroll_service_open_connections gauge\n"
           "enroll_service_open_connections "
        << openConnections << '\n';
    return out.str();
}

} // namespace enroll::app::service
