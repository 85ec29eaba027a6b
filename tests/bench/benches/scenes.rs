//! The scenes, measured natively. `cargo xtask bench` reads the estimates and sets them against kube-scheduler's rates.

use std::hint::black_box;
use std::time::Duration;

use bench::SCENES;
use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

fn scenes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scenes");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    for scene in SCENES {
        // The large ones take seconds each: one run for each sample is as long as they need.
        let time = Duration::from_secs(if scene.pods > 50_000 { 1 } else { 5 });
        group
            .warm_up_time(time / 5)
            .measurement_time(time)
            .throughput(Throughput::Elements(scene.pods.into()));
        group.bench_function(scene.name, |bencher| {
            bencher.iter_batched_ref(|| scene.prepare(), |run| black_box(run.run()), BatchSize::PerIteration);
        });
    }
}

criterion_group!(benches, scenes);
criterion_main!(benches);
