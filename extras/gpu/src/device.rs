//! An opened device, and a dispatch on it.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError, mpsc},
    time::{Duration, Instant},
};

use crate::{
    search::Hits,
    source::{GROUP, PLACES, ROW},
};

/// A dispatch takes a fortieth of a second; a device that has not done it in this time hangs. A
/// miner that stops waits for it.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Room for the words of a program.
const WORK_BYTES: u64 = 128;
const HITS_BYTES: u64 = 4 + 4 * PLACES as u64;

/// A device, and the program that its driver has compiled for it.
#[derive(Debug)]
pub(crate) struct Device {
    opened: wgpu::Device,
    queue: wgpu::Queue,
    pipeline: wgpu::ComputePipeline,
    /// Buffers that no dispatch uses now; as many as were in flight at once.
    idle: Mutex<Vec<Buffers>>,
    /// The driver's error that came when nobody was waiting for an answer.
    complaint: Arc<OnceLock<String>>,
}

#[derive(Debug)]
struct Buffers {
    work: wgpu::Buffer,
    hits: wgpu::Buffer,
    read: wgpu::Buffer,
    bound: wgpu::BindGroup,
}

impl Device {
    /// Opens a device for one program.
    pub(crate) fn open(adapter: &wgpu::Adapter, program: String) -> Result<Self, String> {
        let wanted = wgpu::DeviceDescriptor {
            required_limits: wgpu::Limits::downlevel_defaults(),
            ..Default::default()
        };
        let (device, queue) = pollster::block_on(adapter.request_device(&wanted))
            .map_err(|error| error.to_string())?;
        let complaint = Arc::new(OnceLock::new());
        let complain = Arc::clone(&complaint);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let _ = complain.set(error.to_string());
        }));
        let complain = Arc::clone(&complaint);
        device.set_device_lost_callback(move |reason, what| {
            let _ = complain.set(format!("the device is lost ({reason:?}): {what}"));
        });
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source: wgpu::ShaderSource::Wgsl(program.into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: None,
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        let opened = Self {
            opened: device,
            queue,
            pipeline,
            idle: Mutex::default(),
            complaint,
        };
        opened.content()?;
        Ok(opened)
    }

    /// An error if the driver has complained.
    fn content(&self) -> Result<(), String> {
        let what = self.complaint.get().cloned();
        what.map_or(Ok(()), Err)
    }

    /// Runs the program over `invocations` and waits for its end. Several threads may: their
    /// dispatches queue on the device, so that it goes from one to the next without a break.
    pub(crate) fn run(&self, words: &[u32], invocations: u32) -> Result<Hits, String> {
        // It may have been lost while nothing was searched.
        self.content()?;
        let idle = self.idle().pop();
        let buffers = idle.unwrap_or_else(|| self.buffers());
        let hits = self.run_with(&buffers, words, invocations);
        self.content()?;
        // After an error they may still be in use.
        if hits.is_ok() {
            self.idle().push(buffers);
        }
        hits
    }

    fn run_with(&self, buffers: &Buffers, words: &[u32], invocations: u32) -> Result<Hits, String> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        self.queue.write_buffer(&buffers.work, 0, &bytes);
        let mut encoder = self
            .opened
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.clear_buffer(&buffers.hits, 0, Some(4));
        {
            let groups = invocations.div_ceil(GROUP);
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &buffers.bound, &[]);
            pass.dispatch_workgroups(groups.min(ROW), groups.div_ceil(ROW), 1);
        }
        encoder.copy_buffer_to_buffer(&buffers.hits, 0, &buffers.read, 0, HITS_BYTES);
        let submitted = Instant::now();
        let submission = self.queue.submit([encoder.finish()]);

        let (mapped, is_mapped) = mpsc::sync_channel(1);
        buffers
            .read
            .slice(..)
            .map_async(wgpu::MapMode::Read, move |outcome| {
                let _ = mapped.send(outcome);
            });
        self.opened
            .poll(wgpu::PollType::Wait {
                submission_index: Some(submission),
                timeout: Some(TIMEOUT),
            })
            .map_err(|error| error.to_string())?;
        // Another thread's wait may be about to call back for this one.
        is_mapped
            .recv_timeout(TIMEOUT)
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())?;
        let ended = Instant::now();

        let words: Vec<u32> = {
            let view = buffers.read.slice(..).get_mapped_range();
            let view = view.map_err(|error| error.to_string())?;
            let words = view.as_chunks().0.iter().copied();
            words.map(u32::from_ne_bytes).collect()
        };
        buffers.read.unmap();
        let [count, nonces @ ..] = words.as_slice() else {
            return Err("the device gave no answer".into());
        };
        let reported = usize::try_from(*count).unwrap_or(usize::MAX);
        Ok(Hits {
            count: *count,
            nonces: nonces.iter().copied().take(reported).collect(),
            submitted,
            ended,
        })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Buffers>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn buffers(&self) -> Buffers {
        use wgpu::BufferUsages as Usage;
        let buffer = |size, usage| {
            self.opened.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        let work = buffer(WORK_BYTES, Usage::UNIFORM | Usage::COPY_DST);
        let hits = buffer(
            HITS_BYTES,
            Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST,
        );
        let read = buffer(HITS_BYTES, Usage::MAP_READ | Usage::COPY_DST);
        let bound = self.opened.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.pipeline.get_bind_group_layout(0),
            entries: &[
                wgpu::BindGroupEntry {
                    binding: 0,
                    resource: work.as_entire_binding(),
                },
                wgpu::BindGroupEntry {
                    binding: 1,
                    resource: hits.as_entire_binding(),
                },
            ],
        });
        Buffers {
            work,
            hits,
            read,
            bound,
        }
    }

    /// Measures how many invocations of the program the device does in a second, with these words.
    pub(crate) fn rate(&self, words: &[u32]) -> Result<f64, String> {
        /// So long that starting a dispatch does not count.
        const LONG: Duration = Duration::from_millis(100);
        const MOST: u32 = 1 << 28;
        let mut best = 0.0_f64;
        let mut invocations = 1_u32 << 16;
        let mut measured = 0;
        while measured < 5 {
            let run = self.run(words, invocations)?;
            let time = run.ended - run.submitted;
            if time < LONG && invocations < MOST {
                invocations *= 2;
                continue;
            }
            measured += 1;
            best = best.max(f64::from(invocations) / time.as_secs_f64());
        }
        Ok(best)
    }
}

#[cfg(test)]
impl Device {
    pub(crate) fn idle_buffers(&self) -> usize {
        self.idle().len()
    }

    /// As when the driver resets the device.
    pub(crate) fn lose(&self) {
        self.opened.destroy();
    }
}
