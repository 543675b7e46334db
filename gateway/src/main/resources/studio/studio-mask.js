// A picture with a mask over it that is painted with a brush.

/**
 * Makes a canvas paintable. The mask has the picture's own pixels, however large it is shown.
 *
 * @param canvas over the picture
 * @param brush {@code () => ({ width, erases })}, the width as a share of the picture's
 */
export function paintableMask(canvas, brush) {
  const context = canvas.getContext('2d');
  let last = null; // where the brush was, in the picture's pixels

  function place(event) {
    const shown = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - shown.left) / shown.width) * canvas.width,
      y: ((event.clientY - shown.top) / shown.height) * canvas.height,
    };
  }

  function strokeTo(point) {
    const { width, erases } = brush();
    context.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = Math.max(1, width * canvas.width);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(last.x, last.y);
    context.lineTo(point.x, point.y);
    context.stroke();
    last = point;
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) {
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    strokeTo(last);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (last !== null) {
      // A quick hand is heard of less often than it moves.
      const between = event.getCoalescedEvents?.() ?? [];
      (between.length > 0 ? between : [event]).forEach((moved) => strokeTo(place(moved)));
    }
  });
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, () => {
      last = null;
    });
  }

  return {
    /** Takes the size of another picture, and forgets what was painted. */
    reset(width, height) {
      canvas.width = width;
      canvas.height = height;
    },

    clear() {
      context.clearRect(0, 0, canvas.width, canvas.height);
    },

    /** Paints all of it: a start for those who rather say what stays. */
    fill() {
      context.globalCompositeOperation = 'source-over';
      context.fillStyle = getComputedStyle(canvas).color;
      context.fillRect(0, 0, canvas.width, canvas.height);
    },

    /** As a PNG in base64, white where it was painted and transparent elsewhere. */
    base64() {
      const white = document.createElement('canvas');
      white.width = canvas.width;
      white.height = canvas.height;
      const copy = white.getContext('2d');
      copy.drawImage(canvas, 0, 0);
      copy.globalCompositeOperation = 'source-in';
      copy.fillStyle = '#fff';
      copy.fillRect(0, 0, white.width, white.height);
      return white.toDataURL('image/png').split(',')[1];
    },
  };
}
