#include "tests/support/pacing_relay.h"

#include "core/tpm/command_table.h"

namespace enroll::test {
namespace {

RelayBehaviour paced(PacingTable table)
{
    return {.instead = {}, .reply = [table = std::move(table)](std::uint32_t code, Bytes response) {
                const auto found = table.byCommandCode.find(code);
                const auto time = found == table.byCommandCode.end() ? table.others : found->second;
                return RelayReply{std::move(response), time};
            }};
}

} // namespace

PacingTable realChipTimes()
{
    using namespace tpm::command_code;
    using std::chrono::milliseconds;
    return {.byCommandCode = {{kCreatePrimary, milliseconds{2200}},
                              {kActivateCredential, milliseconds{175}},
                              {kImport, milliseconds{175}},
                              {kLoad, milliseconds{60}},
                              {kHmac, milliseconds{25}},
                              {kNvRead, milliseconds{18}}}};
}

PacingRelay::PacingRelay(const std::string& tpmAddress, PacingTable table)
    : m_relay(tpmAddress, paced(std::move(table)))
{}

} // namespace enroll::test
