// Built once, for it takes the compiler long.
#include "tests/use_cases/house.hpp"

#include <barrier>

namespace pilothouse::tests {

ground_floor::ground_floor() { indexes.read_from(stores->catalogue()); }
ground_floor::~ground_floor() = default;

void ground_floor::settle_files() {
    // A thread that has come here is done with its last job, and waits until all have come.
    auto const all = std::make_shared<std::barrier<>>(file_threads + 1);
    for (std::size_t i = 0; i < file_threads; ++i)
        REQUIRE(files.try_post([all] { all->arrive_and_wait(); }));
    all->arrive_and_wait();
}

house::house() {
    project.path = "grp/p";
    project = run_to_end(stores->projects().create(project)).value();
}
house::~house() = default;

}  // namespace pilothouse::tests
