#include "core/transport/open_channel.h"

#include "core/base/cancellation.h"
#include "core/transport/transport_table.h"

namespace enroll::transport {

Result<std::unique_ptr<TpmChannel>> openChannel(const DeviceAddress& address, const Deadline& deadline,
                                                std::stop_token stop, const AgentFiles& files)
{
    TRY(requireNotCancelled(stop));
    const auto open = [&]<class Address>(const Address& known) {
        return transportOf<Address>().open(known, files, deadline, std::move(stop));
    };
    return std::visit(open, address);
}

} // namespace enroll::transport
