#include "app/service/service_application.h"

#include "app/arguments/listen_address.h"
#include "app/service/data_directory.h"
#include "app/service/http_server.h"
#include "app/service/list_pool.h"
#include "app/service/router.h"
#include "core/base/host_text.h"
#include "core/base/text.h"
#include "db/enrollment_list/sqlite_enrollment_list.h"

#include <atomic>
#include <iostream>

namespace enroll::app::service {
namespace {

constexpr int kConnectionThreads = 2;
constexpr int kListThreads = 4;
/// Requests that may wait; with more, the last would wait longer than its client does. They are answered with 503.
constexpr std::size_t kMostWaiting = 1024;

Result<std::unique_ptr<ListPool>> startPool(const DataDirectory& directory)
{
    const auto open = [file = directory.listFile()]() -> Result<std::unique_ptr<provisioning::EnrollmentList>> {
        TRY_ASSIGN(std::unique_ptr<provisioning::EnrollmentList> list,
                   db::enrollment_list::SqliteEnrollmentList::open(file));
        return list;
    };
    return ListPool::start(kListThreads, kMostWaiting, open);
}

HttpServerOptions serverOptions(const ServiceOptions& options, const arguments::ListenAddress& address,
                                const DataDirectory& directory)
{
    HttpServerOptions server;
    server.address = address.host;
    server.port = address.port;
    server.certificateChain = options.tlsCertificate.empty() ? directory.tlsFile() : options.tlsCertificate;
    server.privateKey = options.tlsKey.empty() ? directory.tlsFile() : options.tlsKey;
    server.threads = kConnectionThreads;
    return server;
}

/// Answers every request on a thread of the pool, because route() may block.
HttpHandler handlerFor(ListPool& pool, const ServiceContext& context)
{
    return [&pool, &context](ReceivedRequest request, const Respond& respond) {
        const auto posted = pool.post(
            [&context, request = std::move(request), respond](auto& list) { respond(route(request, context, list)); });
        if (posted == ListPool::Posted::Full) {
            respond(overloaded(context));
        }
    };
}

Result<ConnectionStringOwnership> announce(const DataDirectory& directory, const std::string& hostName)
{
    TRY_ASSIGN(auto connectionString, writeConnectionString(directory, hostName));
    if (!connectionString.namesThisHost) {
        std::cerr << printableText(directory.connectionStringFile().string())
                  << " was not changed: it names another instance that is running; this one is HostName="
                  << printableText(hostName) << std::endl;
    }
    return connectionString;
}

Result<void> serve(const ServiceOptions& options, const arguments::ListenAddress& address, system::FileLock starting)
{
    auto lock = std::optional{std::move(starting)};
    TRY_ASSIGN(auto directory, openDataDirectory(options.data, address.host));
    TRY_ASSIGN(auto pool, startPool(directory));
    Metrics metrics;
    std::atomic<const HttpServer*> running{nullptr};
    ServiceContext context{{options.idScope, options.hubs}, {}, {}, metrics, &utcNow, [&running] {
                               const auto* server = running.load();
                               return server == nullptr ? 0 : server->openConnections();
                           }};
    TRY_ASSIGN(const auto server,
               HttpServer::listen(serverOptions(options, address, directory), handlerFor(*pool, context),
                                  [&context](int status) { return unreadable(context, status); }));
    // The server accepts no request before run(): until then the context may still be completed. The host name needs
    // the port, which the system may have chosen.
    running = server.get();
    context.hostName = hostNameOf(address.host, server->port());
    TRY_ASSIGN(const auto connectionString, announce(directory, context.hostName));
    context.policies = std::move(directory.policies);
    lock.reset(); // the files are written: the next instance may start

    std::cout << "listening on "
              << "https://" << hostAndPort(address.host, server->port()) << std::endl;
    server->run();
    // Before the server: a job of the pool sends its response through it.
    pool.reset();
    return {};
}

} // namespace

Result<void> runService(const ServiceOptions& options)
{
    TRY(requireIdScope(options.idScope));
    TRY(requireHubs(options.hubs));
    TRY_ASSIGN(const auto address, arguments::parseListenAddress(options.listen));
    TRY_ASSIGN(auto starting, lockDataDirectory(options.data));
    if (options.initOnly) {
        TRY_ASSIGN(const auto directory, openDataDirectory(options.data, address.host));
        TRY(announce(directory, hostNameOf(address.host, address.port)));
        return {};
    }
    TRY(requireNoLostFile(options.data));
    return serve(options, address, std::move(starting));
}

} // namespace enroll::app::service
